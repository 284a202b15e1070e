import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import i18next from "i18next";
import { useEffect, useRef } from "react";
import { formatNumber } from "@/lib/format";
import type { SizePoint } from "../data";
import { useSegmentWords } from "../words";

use([LineChart, BarChart, GridComponent, TooltipComponent, SVGRenderer]);

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Size as a line, who came and went as bars below it. */
export default function SizeChart({ points, every }: { points: SizePoint[]; every: "hour" | "day" | "week" }) {
  const t = useSegmentWords();
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, and another scheme has others
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: "svg" });
    const dimmed = colour("--mantine-color-dimmed");
    const border = colour("--mantine-color-default-border");
    const accent = colour("--mantine-primary-color-filled");
    const day = new Intl.DateTimeFormat(
      i18next.language,
      every === "hour" ? { day: "numeric", month: "short", hour: "2-digit" } : { day: "numeric", month: "short" },
    );
    const labels = points.map((point) => day.format(new Date(point.at)));
    const axis = { axisLine: { lineStyle: { color: border } }, axisTick: { show: false } };
    const label = { color: dimmed, fontFamily: "inherit", fontSize: 11 };
    chart.setOption({
      animation: false,
      grid: [
        { left: 48, right: 12, top: 12, height: 150 },
        { left: 48, right: 12, top: 184, height: 52 },
      ],
      tooltip: {
        trigger: "axis",
        confine: true,
        backgroundColor: colour("--mantine-color-body"),
        borderColor: border,
        textStyle: { color: colour("--mantine-color-text"), fontFamily: "inherit", fontSize: 12 },
        valueFormatter: (value: unknown) => formatNumber(Number(value)),
      },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      xAxis: [
        { type: "category", data: labels, boundaryGap: true, axisLabel: { show: false }, ...axis },
        { type: "category", data: labels, gridIndex: 1, axisLabel: { ...label, hideOverlap: true }, ...axis },
      ],
      yAxis: [
        { type: "value", minInterval: 1, axisLabel: label, splitLine: { lineStyle: { color: border } } },
        {
          type: "value",
          gridIndex: 1,
          minInterval: 1,
          splitNumber: 2,
          axisLabel: { show: false },
          splitLine: { show: false },
        },
      ],
      series: [
        {
          name: t("people"),
          type: "line",
          showSymbol: false,
          lineStyle: { width: 2, color: accent },
          itemStyle: { color: accent },
          areaStyle: { color: accent, opacity: 0.08 },
          data: points.map((point) => point.members),
        },
        {
          name: t("entered"),
          type: "bar",
          stack: "flow",
          xAxisIndex: 1,
          yAxisIndex: 1,
          itemStyle: { color: colour("--mantine-color-teal-6") },
          data: points.map((point) => point.entered),
        },
        {
          name: t("left"),
          type: "bar",
          stack: "flow",
          xAxisIndex: 1,
          yAxisIndex: 1,
          itemStyle: { color: colour("--mantine-color-orange-6") },
          data: points.map((point) => -point.left),
        },
      ],
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [points, every, t, scheme]);

  const last = points.at(-1);
  return (
    <div
      ref={box}
      style={{ height: 268 }}
      role="img"
      aria-label={t("chart_says", { n: formatNumber(last?.members ?? 0), count: points.length })}
      data-scheme={scheme}
    />
  );
}
