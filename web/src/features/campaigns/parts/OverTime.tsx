import { Paper, Table, Text, Title } from "@mantine/core";
import i18next from "i18next";
import { useCallback } from "react";
import type { TimeBucket } from "@/api/answers";
import { formatNumber } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import { axisTooltip } from "@/ui/chart-tooltip";
import { ErrorNote } from "@/ui/ErrorNote";
import classes from "../campaigns.module.css";
import { useOverTime } from "../data";
import { useCampaignWords } from "../words";

const SHOWN = ["sent", "opened", "clicked"] as const;
/** Beside what was sent at once, answers would be too small to be seen. */
const DRAWN = ["opened", "clicked"] as const;

/** An hour by its clock, a day by its date. */
function nameOf(bucket: TimeBucket): string {
  const clock = bucket.hours === 1 ? { hour: "2-digit" as const, minute: "2-digit" as const } : {};
  return new Intl.DateTimeFormat(i18next.language, { day: "numeric", month: "short", ...clock }).format(
    new Date(bucket.since),
  );
}

/** When messages were sent, first opened and first clicked: by the hour for two days, then by the day. */
export function OverTime({ id }: { id: string }) {
  const t = useCampaignWords();
  const { data, error, refetch } = useOverTime(id);
  const items = data?.items;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const build = useCallback(
    (colors: ChartColors) => {
      const label = { color: colors.muted, fontSize: 11 };
      const tone = { opened: colors.accent, clicked: colors.second };
      return {
        grid: { left: 44, right: 36, top: 30, bottom: 24 },
        legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, itemGap: 24, textStyle: { color: colors.muted } },
        tooltip: axisTooltip(colors),
        xAxis: {
          type: "category",
          data: (items ?? []).map(nameOf),
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
        series: DRAWN.map((name) => ({
          name: t(name),
          type: "bar",
          barMaxWidth: 14,
          itemStyle: { color: tone[name] },
          data: (items ?? []).map((bucket) => bucket[name]),
        })),
      };
    },
    [items, i18next.language],
  );
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data || !items?.length) return null;
  const answered = items.some((bucket) => DRAWN.some((name) => bucket[name] > 0));
  const busy = items.filter((bucket) => SHOWN.some((name) => bucket[name] > 0));
  const sum = (name: "opened" | "clicked") => formatNumber(items.reduce((all, bucket) => all + bucket[name], 0));
  return (
    <Paper withBorder p="md">
      <Title order={2} fz="sm">
        {t("over_time")}
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        {answered ? t("over_time_about") : t("over_time_nothing")}
      </Text>
      {answered && (
        <Chart
          build={build}
          height={220}
          label={t("over_time_says", { opened: sum("opened"), clicked: sum("clicked"), count: items.length })}
        />
      )}
      {data.later > 0 && (
        <Text size="xs" c="dimmed">
          {t("over_time_later", { count: data.later })}
        </Text>
      )}
      <details>
        <summary style={{ fontSize: 12, cursor: "pointer" }}>{t("as_table")}</summary>
        <Table.ScrollContainer minWidth={0} mah={320} style={{ overflowY: "auto" }}>
          <Table fz="xs" mt={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("since")}</Table.Th>
                {SHOWN.map((name) => (
                  <Table.Th key={name} ta="right">
                    {t(name)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {busy.map((bucket) => (
                <Table.Tr key={bucket.since}>
                  <Table.Td>{nameOf(bucket)}</Table.Td>
                  {SHOWN.map((name) => (
                    <Table.Td key={name} ta="right" className={classes.figures}>
                      {formatNumber(bucket[name])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </Paper>
  );
}
