/** The definition of a journey as the server keeps it. What this app does not know stays in it untouched. */

export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };
export type Fields = { [field: string]: Json };

export interface Step {
  type: string;
  [field: string]: Json;
}

export interface Journey {
  kind: "journey";
  id: string;
  name?: string;
  entry: Fields;
  start: string;
  steps: Record<string, Step>;
  [field: string]: Json | Record<string, Step> | undefined;
}

export const END = "end";
export const ENTRY = "~entry";

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a list of mappings; of anything else none. */
export function itemsOf(value: Json | undefined): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** `given` with one field set, or taken away where there is no value; the order of the others stays. */
export function withField<T extends object>(given: T, field: string, value: unknown): T {
  if (value === undefined) {
    const { [field]: _gone, ...rest } = given as Record<string, unknown>;
    return rest as T;
  }
  return { ...given, [field]: value };
}

/** Whether two values of JSON say the same; the order of fields does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, n) => isSame(item, b[n]));
  if (!isFields(a) || !isFields(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && isSame(a[name], b[name]));
}

/** A journey that somebody else wrote may be faulty: what must be there to draw it is put in its place. */
export function readJourney(body: unknown, id: string): Journey {
  const given = isFields(body) ? body : {};
  return {
    ...given,
    kind: "journey",
    id,
    entry: isFields(given.entry) ? given.entry : { type: "event", event: "" },
    start: typeof given.start === "string" ? given.start : END,
    steps: (isFields(given.steps) ? given.steps : {}) as Record<string, Step>,
  } as Journey;
}
