/** What each column of a file becomes, as a screen shows it, and the mapping of the server that says the same. */

export type Role = "user" | "time" | "event" | "field" | "none";

export interface Roles {
  /** Of each column its role. */
  columns: Record<string, Role>;
  /** Events (with a time), or people with their traits. */
  what: "events" | "people";
  /** The name of the event where no column tells it. */
  event: string;
}

type Json = Record<string, unknown>;

/** Read a mapping with one rule; null where it says more than this screen shows. */
export function rolesOf(mapping: Json | null, columns: readonly string[]): Roles | null {
  const rules = (mapping?.events ?? []) as Json[];
  const rule = rules[0];
  if (rules.length !== 1 || !rule || mapping?.group || mapping?.skip_when || rule.when || rule.message_id) return null;
  const isPeople = rule.type === "identify";
  if (!isPeople && rule.type !== "track") return null;
  const fields = (isPeople ? rule.traits : rule.properties) as Json | undefined;
  const event = rule.event as string | { column?: string } | undefined;
  const roles: Record<string, Role> = Object.fromEntries(columns.map((name) => [name, "none" as Role]));
  for (const source of Object.values(fields ?? {})) {
    if (typeof source !== "string") return null;
    roles[source] = "field";
  }
  if (typeof rule.timestamp === "string") roles[rule.timestamp] = "time";
  if (typeof event === "object" && event?.column) roles[event.column] = "event";
  if (typeof rule.user_id === "string") roles[rule.user_id] = "user";
  return { columns: roles, what: isPeople ? "people" : "events", event: typeof event === "string" ? event : "" };
}

/** The mapping that roles make; what `base` says of types and of the file stays. */
export function mappingOf({ columns, what, event }: Roles, base: Json | null): Json {
  const named = (role: Role) => Object.keys(columns).find((name) => columns[name] === role);
  const before = ((base?.events as Json[] | undefined)?.[0] ?? {}) as Json;
  const old = Object.entries(((what === "people" ? before.traits : before.properties) ?? {}) as Record<string, string>);
  const userId = named("user");
  const kept = old.filter(
    ([, column]) => columns[column] === "field" || (columns[column] === "user" && column === userId),
  );
  const known = new Set(kept.map(([, column]) => column));
  const added = Object.keys(columns).filter((name) => columns[name] === "field" && !known.has(name));
  const fields = { ...Object.fromEntries(kept), ...Object.fromEntries(added.map((name) => [name, name])) };
  const eventColumn = named("event");
  const rule: Json =
    what === "people"
      ? {
          id: "person",
          type: "identify",
          user_id: userId,
          ...(named("time") ? { timestamp: named("time") } : {}),
          traits: fields,
        }
      : {
          id: "event",
          type: "track",
          event: eventColumn ? { column: eventColumn } : event,
          user_id: userId,
          ...(named("time") ? { timestamp: named("time") } : {}),
          properties: fields,
        };
  return { ...base, events: [rule] };
}
