import type { Journey } from "./definition";
import { edgesOf } from "./ports";

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

/** How many went each way: by the ids of edges. */
export function countWays(journey: Journey, entered: number, steps: Record<string, StepCounts>): Map<string, WayCount> {
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
    const shared = edges.filter((one) => one.from === edge.from && one.target === edge.target).length > 1;
    found.set(edge.id, { count, share: all ? count / all : 0, shared });
  }
  return found;
}

/** Who left a step without going on: by the reason that ended the passage there. */
export function exitsAt(journey: Journey, counts: StepCounts | undefined): [string, number][] {
  return Object.entries(counts?.left ?? {})
    .filter(([name]) => !(name in journey.steps) && name !== "end")
    .sort((a, b) => b[1] - a[1]);
}
