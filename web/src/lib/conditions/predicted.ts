import { type Condition, type Limits, withField } from "./condition";

/** How a prediction is asked: the condition has just one of these fields. */
export const ASKS = ["score", "category", "percentile", "top", "value"] as const;
export type Ask = (typeof ASKS)[number];

const FIRST: Record<Ask, unknown> = {
  score: { gte: 75, lte: 100 },
  category: ["high"],
  percentile: { gte: 90 },
  top: 1000,
  value: { gte: 50 },
};

export function askOf(source: Condition): Ask {
  return ASKS.find((name) => source[name] !== undefined) ?? "score";
}

/** The same prediction asked another way; its age stays. */
export function withAsk(source: Condition, ask: Ask): Condition {
  const bare = ASKS.reduce((rest, name) => withField(rest, name, undefined), source);
  return { ...bare, [ask]: FIRST[ask] };
}

/** A share of all: the highest or the lowest so many percent. */
export interface Tail {
  end: "highest" | "lowest";
  share: number;
}

const rounded = (n: number) => Math.round(n * 1e6) / 1e6;

/** Percentiles as people say them: `{gte: 90}` is the highest 10 percent, `{lt: 10}` the lowest; none for other limits. */
export function tailOf(limits: unknown): Tail | null {
  const found = Object.entries((limits ?? {}) as Limits);
  const [op, n] = found[0] ?? [];
  if (found.length !== 1 || typeof n !== "number") return null;
  if (op === "gte") return { end: "highest", share: rounded(100 - n) };
  return op === "lt" ? { end: "lowest", share: n } : null;
}

export function writeTail({ end, share }: Tail): Limits {
  return end === "highest" ? { gte: rounded(100 - share) } : { lt: share };
}

/** Which operator a range has at a side, and its number. */
export function sideOf(limits: Limits, side: "from" | "to"): { op: keyof Limits; n: number | undefined } {
  const [strict, open] = side === "from" ? (["gt", "gte"] as const) : (["lt", "lte"] as const);
  const op = limits[strict] === undefined ? open : strict;
  const n = limits[op];
  return { op, n: typeof n === "number" ? n : undefined };
}

/** A range with another number at a side, or none there; the last bound that is left stays. */
export function withSide(limits: Limits, side: "from" | "to", n: number | undefined): Limits {
  const { op } = sideOf(limits, side);
  if (n !== undefined) return side === "from" ? { [op]: n, ...omit(limits, op) } : { ...limits, [op]: n };
  const rest = omit(limits, op);
  return Object.keys(rest).length ? rest : limits;
}

function omit(limits: Limits, op: keyof Limits): Limits {
  return withField(limits, op, undefined);
}
