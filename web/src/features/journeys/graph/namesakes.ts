/** Of names and what each is called, those that are called as another is: alone, that does not tell them apart. */
export function namesakes(called: ReadonlyMap<string, string>): Set<string> {
  const first = new Map<string, string>();
  const found = new Set<string>();
  for (const [name, said] of called) {
    const other = first.get(said);
    if (other === undefined) first.set(said, name);
    else found.add(other).add(name);
  }
  return found;
}
