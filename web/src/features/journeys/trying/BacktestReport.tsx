import { Paper, Stack, Table, Text } from "@mantine/core";
import { useCallback } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import { axisTooltip } from "@/ui/chart-tooltip";
import type { BacktestResult } from "../data/backtests";
import type { Journey } from "../graph/definition";
import { Bars } from "../results/Bars";
import results from "../results/results.module.css";
import { Figure, Messages, reasonOf } from "../results/Summary";
import { sayStep } from "../steps/kinds";
import { sayNamed } from "../steps/say";
import { useStepWords } from "../words";

const CHANNEL_SHADES = ["#5566cb", "#1f9d8f", "#c9822b", "#a04fae", "#7a7770"];

/** What the journey would have done in these days. */
export function BacktestReport({ result, journey }: { result: BacktestResult; journey: Journey | null }) {
  const t = useStepWords();
  const days = [
    ...new Set([...Object.keys(result.entries_per_day), ...result.messages_per_day.map((one) => one.day)]),
  ].sort();
  const channels = [...new Set(result.messages_per_day.map((one) => one.channel))].sort();
  const sentOn = (day: string, channel: string) =>
    result.messages_per_day.find((one) => one.day === day && one.channel === channel)?.sent ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a result never changes
  const build = useCallback(
    (colors: ChartColors) => ({
      grid: { left: 36, right: 8, top: 28, bottom: 24 },
      legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: colors.muted } },
      tooltip: axisTooltip(colors),
      xAxis: {
        type: "category",
        data: days.map((day) => formatDay(`${day}T12:00:00`)),
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
      },
      yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colors.line } } },
      series: channels.map((channel, n) => ({
        type: "bar",
        stack: "sent",
        name: t(`channel.${channel}`),
        data: days.map((day) => sentOn(day, channel)),
        barMaxWidth: 28,
        itemStyle: { color: CHANNEL_SHADES[n % CHANNEL_SHADES.length] },
      })),
    }),
    [result],
  );
  const rows = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort((a, b) => b[1] - a[1])
      .map(([name, count]) => ({ name, label: reasonOf(name, t), count }));
  const others = result.overlap.messages;
  return (
    <Stack gap="lg">
      <div className={results.figures}>
        <Figure label={t("results.entered")} value={result.entered} />
        <Figure label={t("backtest.people")} value={result.people} />
        <Figure label={t("backtest.sent")} value={result.sent} />
        <Figure label={t("results.inside")} value={result.inside} />
        <Figure label={t("results.finished")} value={result.finished} />
        <Figure label={t("results.suppressed")} value={result.suppressed} />
      </div>
      {result.baseline.map((goal) => (
        <Paper key={`${goal.name ?? ""} ${goal.event}`} withBorder p="sm" radius="md">
          <Text size="sm" fw={500}>
            {t("backtest.baseline")} · {goal.name || goal.event}
          </Text>
          <Text size="sm">
            {t("backtest.baselineOf", { share: goal.rate === null ? "–" : formatShare(goal.rate) })}
          </Text>
          {goal.low !== null && goal.high !== null && (
            <Text size="xs" c="dimmed">
              {t("backtest.baselineBetween", { low: formatShare(goal.low), high: formatShare(goal.high) })}
            </Text>
          )}
        </Paper>
      ))}
      {channels.length > 0 && (
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t("backtest.perDay")}
          </Text>
          <Chart build={build} height={190} label={t("backtest.perDay")} />
          <details>
            <summary style={{ fontSize: 12, cursor: "pointer" }}>{t("backtest.asTable")}</summary>
            <Table fz="xs" mt={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("backtest.day")}</Table.Th>
                  <Table.Th ta="right">{t("results.entered")}</Table.Th>
                  {channels.map((channel) => (
                    <Table.Th key={channel} ta="right">
                      {t(`channel.${channel}`)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {days.map((day) => (
                  <Table.Tr key={day}>
                    <Table.Td>{formatDay(`${day}T12:00:00`)}</Table.Td>
                    <Table.Td ta="right">{formatNumber(result.entries_per_day[day] ?? 0)}</Table.Td>
                    {channels.map((channel) => (
                      <Table.Td key={channel} ta="right">
                        {formatNumber(sentOn(day, channel))}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </details>
        </div>
      )}
      <Messages messages={result.messages} called={(step) => sayStep(journey, step, t)} />
      <Bars title={t("backtest.blocked")} rows={rows(result.blocked)} />
      <Bars title={t("results.exits")} rows={rows(result.exited)} />
      <Bars title={t("results.notLetIn")} rows={rows(result.suppressed_by_reason)} />
      <Bars
        title={t("backtest.overlap")}
        rows={others.map((one) => ({
          name: `${one.source} ${one.channel}`,
          label: t("backtest.overlapOne", {
            source: sayNamed(one.source.split(":")[0] ?? "", one.source.replace(/^\w+:/, ""), t),
            channel: t(`channel.${one.channel}`),
          }),
          count: one.sent,
        }))}
      />
    </Stack>
  );
}
