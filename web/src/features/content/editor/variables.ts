import type { PredictionSeen } from "@/lib/suggestions";

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

const OF_PREDICTION = ["score", "category", "probability", "percentile", "place", "scored_at"];

/** All variables: traits of the profile, properties of the event, scores of predictions, and what is always there. */
export function variablesOf(
  traits: string[],
  event: { name: string; paths: string[] } | null,
  predictions: PredictionSeen[],
): Variable[] {
  return [
    ...traits.filter(plain).map((path): Variable => ({ name: `profile.${path}`, kind: "trait" })),
    ...(event?.paths ?? [])
      .filter(plain)
      .map((path): Variable => ({ name: `event.properties.${path}`, kind: "property", event: event?.name ?? "" })),
    ...predictions.flatMap(({ id, amounts, dates }) =>
      [...OF_PREDICTION, ...(amounts ? ["value"] : []), ...(dates ? ["next_at"] : [])].map(
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

export interface SchemaSeen {
  name: string;
  definitions: { schema?: Record<string, string> }[];
}

/** The event that a template most likely follows: the one whose schema has most of the properties the template names. */
export function likelyEvent(texts: string[], events: SchemaSeen[]): string | null {
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/event\.properties\.(\w+)/g)].map((found) => found[1] ?? "")),
  );
  let best: { name: string; fits: number } | null = null;
  for (const { name, definitions } of events) {
    const known = definitions.flatMap((one) => Object.keys(one.schema ?? {}));
    const fits = known.filter((path) => named.has(path)).length;
    if (fits > (best?.fits ?? 0)) best = { name, fits };
  }
  return best?.name ?? null;
}
