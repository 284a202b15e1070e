/** `user:3:ana@shop.example` → `ana@shop.example`; a key by its name. */
export function whoIs(actor: string): string {
  const [kind, , ...rest] = actor.split(":");
  return (kind === "user" || kind === "key") && rest.length ? rest.join(":") : actor;
}
