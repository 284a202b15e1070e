import { isFields, type Journey } from "./definition";
import { type Edge, edgesOf } from "./ports";

/** What reports, backtests and tests count of a step: who entered, who is there, who left which way or for which reason. */
export interface StepCounts {
  entered: number;
  inside: number;
  left: Record<string, number>;
}

export interface WayCount {
  count: number;
  /** Of those who left the step of the way; of the entry's, 1. */
  share: number;
  /** Several ways of the step lead to the same step: the count is that of all of them. */
  shared: boolean;
}

/** How many went each of several ways from one step to another: by the step, the next one, and the way as the server calls it. */
export type SharedWays = Record<string, Record<string, Record<string, number>>>;

/** What the server calls a way; none where it can not tell. */
function wayName(journey: Journey, edge: Edge): string | undefined {
  switch (edge.role) {
    case "choice":
      return `branch:${edge.place}`;
    case "share":
      return `split:${edge.place}`;
    case "heard": {
      const listed = journey.steps[edge.from]?.for;
      const asked = Array.isArray(listed) ? listed[edge.place] : undefined;
      return isFields(asked) && typeof asked.event === "string" ? `heard:${asked.event}` : undefined;
    }
    default:
      return edge.role;
  }
}

/** The counts of ways that share a target, where the server told them apart and they come to what left that way. */
function toldApart(journey: Journey, shared: Edge[], told: Record<string, number> | undefined, all: number) {
  const names = shared.map((edge) => wayName(journey, edge));
  if (!told || names.includes(undefined) || new Set(names).size < names.length) return null;
  const counts = names.map((name) => told[name ?? ""] ?? 0);
  return counts.reduce((sum, n) => sum + n, 0) === all ? counts : null;
}

/** How many went each way: by the ids of edges. */
export function countWays(
  journey: Journey,
  entered: number,
  steps: Record<string, StepCounts>,
  ways: SharedWays = {},
): Map<string, WayCount> {
  const edges = edgesOf(journey);
  const found = new Map<string, WayCount>();
  for (const edge of edges) {
    if (edge.role === "start") {
      found.set(edge.id, { count: entered, share: 1, shared: false });
      continue;
    }
    const left = steps[edge.from]?.left ?? {};
    const all = Object.values(left).reduce((sum, n) => sum + n, 0);
    const target = edge.target in journey.steps ? edge.target : "end";
    const count = left[target] ?? 0;
    const together = edges.filter((one) => one.from === edge.from && one.target === edge.target);
    const apart = together.length > 1 ? toldApart(journey, together, ways[edge.from]?.[target], count) : null;
    const own = apart?.[together.indexOf(edge)] ?? count;
    found.set(edge.id, { count: own, share: all ? own / all : 0, shared: together.length > 1 && apart === null });
  }
  return found;
}

/** Who left a step without going on: by the reason that ended the passage there. */
export function exitsAt(journey: Journey, counts: StepCounts | undefined): [string, number][] {
  return Object.entries(counts?.left ?? {})
    .filter(([name]) => !(name in journey.steps) && name !== "end")
    .sort((a, b) => b[1] - a[1]);
}
