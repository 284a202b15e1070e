import { Card, Group, Text } from "@mantine/core";
import i18next from "i18next";
import { useCallback } from "react";
import { formatNumber, formatShare } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import { type Days, datesOf, seriesOf, total } from "../figures";
import { useHomeWords } from "../words";

const COLOURS: Record<string, keyof ChartColors> = {
  email: "accent",
  sms: "second",
  push: "third",
  in_app: "muted",
  webhook: "line",
};

/** What was sent on each of the last days, by channel. */
export function SentChart({ days }: { days: Days }) {
  const t = useHomeWords();
  const channels = [...new Set(days.items.filter((item) => item.status === "sent").map((item) => item.channel))].sort();
  const names = channels.map((channel) => t(`channel.${channel}`)).join("|");
  const sums = channels.map((channel) => total(seriesOf(days, "sent", channel)));
  const all = Math.max(1, total(sums));

  // biome-ignore lint/correctness/useExhaustiveDependencies: channels and names follow from the days and the language
  const build = useCallback(
    (colors: ChartColors) => {
      const day = new Intl.DateTimeFormat(i18next.language, { day: "numeric", month: "short", timeZone: "UTC" });
      const label = { color: colors.muted, fontSize: 11 };
      return {
        grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
        tooltip: {
          trigger: "axis",
          axisPointer: { type: "shadow" },
          confine: true,
          backgroundColor: colors.surface,
          borderColor: colors.line,
          textStyle: { color: colors.text, fontSize: 12 },
          valueFormatter: (value: unknown) => formatNumber(Number(value)),
        },
        xAxis: {
          type: "category",
          data: datesOf(days).map((on) => day.format(new Date(on))),
          axisLine: { lineStyle: { color: colors.line } },
          axisTick: { show: false },
          axisLabel: { ...label, hideOverlap: true },
        },
        yAxis: {
          type: "value",
          minInterval: 1,
          axisLabel: { ...label, formatter: (value: number) => formatNumber(value) },
          splitLine: { lineStyle: { color: colors.line } },
        },
        series: channels.map((channel, index) => ({
          name: names.split("|")[index],
          type: "bar",
          stack: "sent",
          barMaxWidth: 28,
          itemStyle: { color: colors[COLOURS[channel] ?? "muted"] },
          data: seriesOf(days, "sent", channel),
        })),
      };
    },
    [days, names],
  );

  if (channels.length === 0) return null;
  return (
    <Card>
      <Group justify="space-between" gap="xs" mb="xs">
        <Text fw={500}>{t("perDay")}</Text>
        <Group gap="md">
          {channels.map((channel, index) => (
            <Group key={channel} gap={6} wrap="nowrap">
              <svg width="10" height="10" aria-hidden="true">
                <rect width="10" height="10" rx="3" fill={LEGEND[channel] ?? LEGEND.in_app} />
              </svg>
              <Text fz="sm">{t(`channel.${channel}`)}</Text>
              <Text fz="sm" c="dimmed">
                {formatNumber(sums[index] ?? 0)} · {formatShare((sums[index] ?? 0) / all, 0)}
              </Text>
            </Group>
          ))}
        </Group>
      </Group>
      <Chart build={build} height={200} label={t("perDaySays", { count: total(sums), days: days.days })} />
    </Card>
  );
}

// The same colours, as the legend names them.
const LEGEND: Record<string, string> = {
  email: "var(--mantine-primary-color-filled)",
  sms: "var(--mantine-color-teal-5)",
  push: "var(--mantine-color-yellow-4)",
  in_app: "var(--mantine-color-dimmed)",
  webhook: "var(--mantine-color-default-border)",
};
