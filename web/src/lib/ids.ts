/** An id for a definition out of its name: a to z, 0 to 9 and hyphens, at most 64. "Été 2026 !" → "ete-2026". */
export function idFromName(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64)
    .replace(/-+$/, "");
}
