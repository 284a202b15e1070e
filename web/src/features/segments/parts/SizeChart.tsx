import i18next from "i18next";
import { useCallback } from "react";
import { formatNumber } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import { axisTooltip } from "@/ui/chart-tooltip";
import type { SizePoint } from "../data";
import { useSegmentWords } from "../words";

/** Size as a line, who came and went as bars below it. */
export function SizeChart({ points, every }: { points: SizePoint[]; every: "hour" | "day" | "week" }) {
  const t = useSegmentWords();
  const people = t("people");
  const entered = t("entered");
  const left = t("left");

  const build = useCallback(
    (colors: ChartColors) => {
      const day = new Intl.DateTimeFormat(
        i18next.language,
        every === "hour" ? { day: "numeric", month: "short", hour: "2-digit" } : { day: "numeric", month: "short" },
      );
      const data = points.map((point) => day.format(new Date(point.at)));
      const axis = {
        type: "category",
        data,
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
      };
      const label = { color: colors.muted, fontSize: 11 };
      const grid = { left: 48, right: 12 };
      const flow = { type: "bar", stack: "flow", xAxisIndex: 1, yAxisIndex: 1 };
      return {
        grid: [
          { ...grid, top: 12, height: 150 },
          { ...grid, top: 184, height: 52 },
        ],
        tooltip: axisTooltip(colors),
        axisPointer: { link: [{ xAxisIndex: "all" }] },
        xAxis: [
          { ...axis, axisLabel: { show: false } },
          { ...axis, gridIndex: 1, axisLabel: { ...label, hideOverlap: true } },
        ],
        yAxis: [
          {
            type: "value",
            minInterval: 1,
            axisLabel: { ...label, formatter: (value: number) => formatNumber(value) },
            splitLine: { lineStyle: { color: colors.line } },
          },
          { type: "value", gridIndex: 1, minInterval: 1, axisLabel: { show: false }, splitLine: { show: false } },
        ],
        series: [
          {
            name: people,
            type: "line",
            showSymbol: false,
            lineStyle: { width: 2, color: colors.accent },
            itemStyle: { color: colors.accent },
            areaStyle: { color: colors.accent, opacity: 0.08 },
            data: points.map((point) => point.members),
          },
          { ...flow, name: entered, itemStyle: { color: colors.second }, data: points.map((point) => point.entered) },
          { ...flow, name: left, itemStyle: { color: colors.muted }, data: points.map((point) => -point.left) },
        ],
      };
    },
    [points, every, people, entered, left],
  );

  const last = points.at(-1);
  return (
    <Chart
      build={build}
      height={268}
      label={t("chart_says", { n: formatNumber(last?.members ?? 0), count: points.length })}
    />
  );
}
