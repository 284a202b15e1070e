import type { EChartsCoreOption } from "echarts/core";
import { formatNumber, formatShare } from "@/lib/format";
import type { ChartColors } from "@/ui/Chart";
import { tooltipLooks } from "@/ui/chart-tooltip";

type Say = (key: string, values?: object) => string;
export interface Point {
  share: number;
  gain: number;
}
export interface Calibrated {
  n: number;
  predicted: number;
  observed: number;
}
export interface Profit {
  people: number;
  profit: number;
}

const axis = (colors: ChartColors, name: string, more: object = {}) => ({
  type: "value",
  name,
  nameLocation: "middle",
  nameTextStyle: { color: colors.muted },
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: colors.muted },
  splitLine: { lineStyle: { color: colors.line } },
  ...more,
});
const shares = { axisLabel: { formatter: (value: number) => formatShare(value, 0) } };
const grid = { left: 56, right: 28, top: 16, bottom: 44 };

/** What was said against what came, a dot for each tenth of the people. */
export function calibrationChart(colors: ChartColors, bins: Calibrated[], t: Say): EChartsCoreOption {
  const highest = Math.max(...bins.flatMap((bin) => [bin.predicted, bin.observed]), 0.01);
  const step = highest > 0.5 ? 0.2 : highest > 0.2 ? 0.1 : highest > 0.05 ? 0.05 : 0.01;
  const most = Math.min(1, Math.ceil(highest / step) * step);
  return {
    grid,
    tooltip: {
      ...tooltipLooks(colors),
      trigger: "item",
      formatter: ({ data }: { data: number[] }) =>
        `${t("measured.expected")} ${formatShare(data[0] ?? 0)}<br>${t("measured.acted")} ${formatShare(data[1] ?? 0)}<br>${t("measured.people", { count: data[2] })}`,
    },
    xAxis: axis(colors, t("measured.expected"), { ...shares, nameGap: 28, max: most, interval: step }),
    yAxis: axis(colors, t("measured.acted"), { ...shares, nameGap: 42, max: most, interval: step }),
    series: [
      {
        type: "line",
        data: [
          [0, 0],
          [most, most],
        ],
        symbol: "none",
        silent: true,
        lineStyle: { color: colors.muted, type: "dashed", width: 1 },
      },
      {
        type: "line",
        data: bins.map((bin) => [bin.predicted, bin.observed, bin.n]),
        symbolSize: 9,
        symbol: "circle",
        lineStyle: { color: colors.accent, width: 1.5 },
        itemStyle: { color: colors.accent },
      },
    ],
  };
}

/** From the highest scores down: which share of those who will act a share of the people holds. */
export function liftChart(colors: ChartColors, points: Point[], t: Say): EChartsCoreOption {
  return {
    grid,
    tooltip: {
      ...tooltipLooks(colors),
      trigger: "axis",
      formatter: (items: { data: number[] }[]) => {
        const [x, y] = items[0]?.data ?? [0, 0];
        return `${t("measured.reached")} ${formatShare(x ?? 0, 0)}<br>${t("measured.gained")} ${formatShare(y ?? 0, 0)}`;
      },
    },
    xAxis: axis(colors, t("measured.reached"), { ...shares, nameGap: 28, max: 1 }),
    yAxis: axis(colors, t("measured.gained"), { ...shares, nameGap: 42, max: 1 }),
    series: [
      {
        name: t("measured.by_score"),
        type: "line",
        data: [[0, 0], ...points.map((point) => [point.share, point.gain])],
        symbol: "none",
        lineStyle: { color: colors.accent, width: 2 },
        areaStyle: { color: colors.accent, opacity: 0.1 },
      },
      {
        name: t("measured.random"),
        type: "line",
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: "none",
        silent: true,
        lineStyle: { color: colors.muted, type: "dashed", width: 1 },
      },
    ],
  };
}

export function profitChart(colors: ChartColors, points: Profit[], best: Profit, t: Say): EChartsCoreOption {
  return {
    grid: { ...grid, left: 72 },
    tooltip: {
      ...tooltipLooks(colors),
      trigger: "axis",
      formatter: (items: { data: number[] }[]) => {
        const [x, y] = items[0]?.data ?? [0, 0];
        return `${t("profit.reached")} ${formatNumber(x ?? 0)}<br>${t("profit.profit")} ${formatNumber(y ?? 0, { maximumFractionDigits: 0 })}`;
      },
    },
    xAxis: axis(colors, t("profit.reached"), { nameGap: 28, max: points.at(-1)?.people }),
    yAxis: axis(colors, t("profit.profit"), {
      nameGap: 56,
      axisLabel: { formatter: (value: number) => formatNumber(value) },
    }),
    series: [
      {
        type: "line",
        data: points.map((point) => [point.people, point.profit]),
        symbol: "none",
        lineStyle: { color: colors.accent, width: 2 },
        areaStyle: { color: colors.accent, opacity: 0.1 },
        markPoint: {
          symbol: "circle",
          symbolSize: 12,
          itemStyle: { color: colors.accent },
          label: { show: false },
          data: [{ coord: [best.people, best.profit] }],
        },
      },
    ],
  };
}
