import { ENTRY, type Journey } from "../graph/definition";
import type { Point } from "../graph/layout";
import { edgesOf } from "../graph/ports";

/** The step to which an arrow key leads: up and down along ways, left and right in a row. */
export function neighbourOf(journey: Journey, at: Record<string, Point>, name: string, key: string): string | null {
  const edges = edgesOf(journey);
  if (key === "ArrowDown")
    return edges.find((edge) => edge.from === name && edge.target in journey.steps)?.target ?? null;
  if (key === "ArrowUp") return edges.find((edge) => edge.target === name)?.from ?? null;
  const here = at[name];
  if (!here) return null;
  const side = key === "ArrowRight" ? 1 : -1;
  const row = [ENTRY, ...Object.keys(journey.steps)]
    .filter((other) => other !== name && at[other]?.y === here.y && ((at[other]?.x ?? 0) - here.x) * side > 0)
    .sort((a, b) => Math.abs((at[a]?.x ?? 0) - here.x) - Math.abs((at[b]?.x ?? 0) - here.x));
  return row[0] ?? null;
}
