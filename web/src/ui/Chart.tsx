import { Box, Skeleton, useComputedColorScheme } from "@mantine/core";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";

/** The colours of a chart, as the theme has them now. */
export interface ChartColors {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  soft: string;
  second: string;
  third: string;
}

interface Props {
  /** What to draw; make it with `useCallback`, since the chart is drawn anew when it changes. */
  build: (colors: ChartColors) => EChartsCoreOption;
  /** What a screen reader says of it. */
  label: string;
  height?: number;
}

function colorsOf(element: HTMLElement): ChartColors {
  const style = getComputedStyle(element);
  const one = (name: string) => style.getPropertyValue(`--mantine-${name}`).trim();
  return {
    text: one("color-text"),
    muted: one("color-dimmed"),
    line: one("color-default-border"),
    surface: one("color-body"),
    accent: one("primary-color-filled"),
    soft: one("primary-color-light-hover"),
    second: one("color-teal-5"),
    third: one("color-yellow-4"),
  };
}

/** A chart by ECharts, which is fetched when the first chart is shown. It follows its box and the colour scheme. */
export function Chart({ build, label, height = 240 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType>();
  const scheme = useComputedColorScheme("light");

  useEffect(() => {
    let made: EChartsType | undefined;
    let left = false;
    const watcher = new ResizeObserver(() => made?.resize());
    void import("./echarts").then(({ init }) => {
      if (left || !box.current) return;
      made = init(box.current, undefined, { renderer: "svg" });
      watcher.observe(box.current);
      setChart(made);
    });
    return () => {
      left = true;
      watcher.disconnect();
      made?.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes what the colours are
  useEffect(() => {
    if (!chart || chart.isDisposed() || !box.current) return;
    const colors = colorsOf(box.current);
    chart.setOption(
      {
        animation: false,
        textStyle: { fontFamily: "inherit", color: colors.muted },
        ...build(colors),
      },
      { notMerge: true },
    );
  }, [chart, build, scheme]);

  return (
    <Box pos="relative" h={height} role="img" aria-label={label}>
      {chart ? null : <Skeleton h={height} pos="absolute" inset={0} />}
      <Box ref={box} h={height} aria-hidden />
    </Box>
  );
}
