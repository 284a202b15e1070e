import { isSame, type Journey, type Json } from "./definition";

/** One thing that two versions say differently. A step where there is one, else a field of the settings. */
export interface Difference {
  step: string | null;
  kind: "added" | "removed" | "changed";
  fields: { name: string; before: Json | undefined; after: Json | undefined }[];
}

const NOT_SETTINGS = ["kind", "id", "steps"];

function fieldsOf(before: object, after: object, skip: string[] = []): Difference["fields"] {
  const [a, b] = [before as Record<string, Json>, after as Record<string, Json>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => !skip.includes(name) && !isSame(a[name], b[name]))
    .map((name) => ({ name, before: a[name], after: b[name] }));
}

/** How a journey differs from what it was: the settings first, then its steps. */
export function compareJourneys(before: Journey, after: Journey): Difference[] {
  const found: Difference[] = [];
  const settings = fieldsOf(before, after, NOT_SETTINGS);
  if (settings.length) found.push({ step: null, kind: "changed", fields: settings });
  for (const [name, step] of Object.entries(after.steps)) {
    const old = before.steps[name];
    if (!old) found.push({ step: name, kind: "added", fields: fieldsOf({}, step) });
    else if (!isSame(old, step)) found.push({ step: name, kind: "changed", fields: fieldsOf(old, step) });
  }
  for (const [name, step] of Object.entries(before.steps))
    if (!(name in after.steps)) found.push({ step: name, kind: "removed", fields: fieldsOf(step, {}) });
  return found;
}
