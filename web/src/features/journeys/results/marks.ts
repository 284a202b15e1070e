import { formatNumber, formatShare } from "@/lib/format";
import type { Flow, Mark } from "../canvas/nodes";
import { ENTRY, type Journey } from "../graph/definition";
import { countWays, type SharedWays, type StepCounts } from "../graph/figures";
import type { Say } from "../steps/say";

interface Counted {
  entered: number;
  steps: Record<string, StepCounts>;
  ways?: SharedWays;
}

/** The numbers of ways, as the canvas draws them. */
export function flowsOf(journey: Journey, counted: Counted): Map<string, Flow> {
  return new Map(
    [...countWays(journey, counted.entered, counted.steps, counted.ways)].map(([id, way]) => {
      const share = way.count && way.share < 1 ? ` · ${formatShare(way.share, 0)}` : "";
      return [
        id,
        {
          count: way.count,
          share: way.share,
          text: `${way.shared && way.count ? "Σ " : ""}${formatNumber(way.count)}${share}`,
        },
      ];
    }),
  );
}

/** The numbers of steps. */
export function marksOf(journey: Journey, counted: Counted, t: Say): Map<string, Mark> {
  const marks = new Map<string, Mark>([
    [ENTRY, { figures: [{ label: t("results.enteredShort"), value: formatNumber(counted.entered) }] }],
  ]);
  for (const name of Object.keys(journey.steps)) {
    const step = counted.steps[name] ?? { entered: 0, inside: 0, left: {} };
    const figures = [{ label: t("results.enteredShort"), value: formatNumber(step.entered) }];
    if (step.inside) figures.push({ label: t("results.insideShort"), value: formatNumber(step.inside) });
    marks.set(name, { figures, ...(step.entered ? {} : { tone: "quiet" as const }) });
  }
  return marks;
}
