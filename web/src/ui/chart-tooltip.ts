import { formatNumber } from "@/lib/format";
import type { ChartColors } from "./Chart";

/** How the note beside the pointer looks in every chart; it stays within the chart. */
export function tooltipLooks(colors: ChartColors) {
  return {
    confine: true,
    backgroundColor: colors.surface,
    borderColor: colors.line,
    textStyle: { color: colors.text, fontSize: 12 },
  };
}

/** All series at one place of the axis, their figures as people write them. */
export function axisTooltip(colors: ChartColors) {
  return {
    ...tooltipLooks(colors),
    trigger: "axis",
    valueFormatter: (value: unknown) => formatNumber(Number(value)),
  };
}
