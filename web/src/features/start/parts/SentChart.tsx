import { Box, Card, Group, Stack, Text, Tooltip } from "@mantine/core";
import i18next from "i18next";
import { formatNumber, formatShare } from "@/lib/format";
import { ceilingOf, type Days, datesOf, seriesOf, total } from "../figures";
import { useHomeWords } from "../words";
import classes from "./SentChart.module.css";

const COLOURS: Record<string, string> = {
  email: "var(--mantine-primary-color-filled)",
  sms: "var(--mantine-color-teal-5)",
  push: "var(--mantine-color-yellow-4)",
  in_app: "var(--mantine-color-dimmed)",
};
const colourOf = (channel: string) => COLOURS[channel] ?? "var(--mantine-color-placeholder)";

/** What was sent on each of the last days, by channel. Drawn by hand: the first page waits for no library of charts. */
export function SentChart({ days }: { days: Days }) {
  const t = useHomeWords();
  const channels = [...new Set(days.items.filter((item) => item.status === "sent").map((item) => item.channel))].sort();
  if (channels.length === 0) return null;
  const series = channels.map((channel) => ({ channel, values: seriesOf(days, "sent", channel) }));
  const all = total(series.map(({ values }) => total(values)));
  const dates = datesOf(days);
  const top = ceilingOf(Math.max(...dates.map((_, day) => total(series.map(({ values }) => values[day] ?? 0)))));
  const format = new Intl.DateTimeFormat(i18next.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const isNamed = (day: number) => day % 7 === 0 || day === dates.length - 1;
  return (
    <Card>
      <Group justify="space-between" gap="xs" mb="md">
        <Text fw={500}>{t("perDay")}</Text>
        <Group gap="md">
          {series.map(({ channel, values }) => (
            <Group key={channel} gap={6} wrap="nowrap">
              <Box w={10} h={10} bdrs={3} bg={colourOf(channel)} aria-hidden="true" />
              <Text fz="sm">{t(`channel.${channel}`)}</Text>
              <Text fz="sm" c="dimmed">
                {formatNumber(total(values))} · {formatShare(total(values) / all, 0)}
              </Text>
            </Group>
          ))}
        </Group>
      </Group>
      <div className={classes.chart} role="img" aria-label={t("perDaySays", { count: all, days: days.days })}>
        <div className={classes.axis}>
          {[top, top / 2, 0].map((mark) => (
            <span key={mark}>{formatNumber(mark)}</span>
          ))}
        </div>
        <div className={classes.plot}>
          {dates.map((on, day) => (
            <Tooltip
              key={on}
              label={
                <Stack gap={2}>
                  <Text fz="xs" fw={600}>
                    {format.format(new Date(on))}
                  </Text>
                  {series.map(({ channel, values }) => (
                    <Text key={channel} fz="xs">
                      {t(`channel.${channel}`)}: {formatNumber(values[day] ?? 0)}
                    </Text>
                  ))}
                </Stack>
              }
            >
              <div className={classes.day}>
                {series.map(({ channel, values }) => (
                  <div
                    key={channel}
                    style={{ height: `${(100 * (values[day] ?? 0)) / top}%`, background: colourOf(channel) }}
                  />
                ))}
              </div>
            </Tooltip>
          ))}
        </div>
        <div className={classes.dates}>
          {dates.map((on, day) =>
            isNamed(day) ? (
              <span key={on} style={{ left: `${(100 * (day + 0.5)) / dates.length}%` }}>
                {format.format(new Date(on))}
              </span>
            ) : null,
          )}
        </div>
      </div>
    </Card>
  );
}
