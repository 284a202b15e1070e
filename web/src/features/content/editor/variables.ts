/** What can be written between `{{` and `}}`. */
export interface Variable {
  name: string;
  kind: "trait" | "property" | "other";
  event?: string;
}

/** Filters of Liquid that messages need most. */
export const FILTERS = [
  "default",
  "upcase",
  "downcase",
  "capitalize",
  "date",
  "money",
  "round",
  "size",
  "first",
  "last",
  "join",
  "split",
  "replace",
  "truncate",
  "escape",
  "json",
  "plus",
  "minus",
  "times",
  "divided_by",
];

const plain = (path: string) => /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(path);

/** All variables: traits of the profile, properties of the event, scores of predictions, and what is always there. */
export function variablesOf(
  traits: string[],
  event: { name: string; paths: string[] } | null,
  predictions: string[],
): Variable[] {
  return [
    ...traits.filter(plain).map((path): Variable => ({ name: `profile.${path}`, kind: "trait" })),
    ...(event?.paths ?? [])
      .filter(plain)
      .map((path): Variable => ({ name: `event.properties.${path}`, kind: "property", event: event?.name ?? "" })),
    ...predictions.flatMap((id) =>
      ["score", "category", "probability"].map(
        (what): Variable => ({ name: `predictions.${id}.${what}`, kind: "other" }),
      ),
    ),
    ...["profile.user_id", "unsubscribe_url", "preferences_url", "journey.id", "now"].map(
      (name): Variable => ({ name, kind: "other" }),
    ),
  ];
}

/** Where a word begins that is being typed within `{{ }}` or `{% %}`, and whether a filter is expected; none elsewhere. */
export function wordBefore(text: string): { from: number; filter: boolean } | undefined {
  const open = Math.max(text.lastIndexOf("{{"), text.lastIndexOf("{%"));
  if (open < 0 || /\}\}|%\}/.test(text.slice(open + 2))) return undefined;
  const inside = text.slice(open + 2);
  const word = /[\p{L}\p{N}_.-]*$/u.exec(inside)?.[0] ?? "";
  const from = text.length - word.length;
  return { from, filter: /\|\s*$/.test(text.slice(open + 2, from)) };
}
