import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { eventLabel } from "@/lib/event-labels";
import { formatNumber, formatShare } from "@/lib/format";
import type { GoalFigures } from "../data/figures";
import { sayDuration } from "../steps/say";
import { useJourneyWords } from "../words";
import classes from "./results.module.css";

/** How far a goal is: its share with the interval in which the truth lies, against its target. */
export function GoalPanel({ goal }: { goal: GoalFigures }) {
  const t = useJourneyWords();
  const { percent, target_percent: target } = goal;
  const scale = Math.min(100, Math.max(10, (percent?.high ?? 0) * 1.15, (target ?? 0) * 1.25));
  const at = (value: number) => `${Math.min(100, (value / scale) * 100)}%`;
  const verdict = goal.met === null ? null : goal.met ? "met" : "notMet";
  return (
    <Paper withBorder p="sm" radius="md">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={500} truncate="end">
            {goal.name || eventLabel(goal.event)}
          </Text>
          {verdict && (
            <Badge
              variant="light"
              color={goal.met ? "green" : goal.certain ? "red" : "yellow"}
              style={{ flex: "none" }}
            >
              {t(`results.goal.${goal.certain ? verdict : "open"}`)}
            </Badge>
          )}
        </Group>
        <Group gap={8} align="baseline">
          <Text fz={24} fw={600} lh={1.2}>
            {percent ? formatShare(percent.value / 100) : "–"}
          </Text>
          <Text size="sm" c="dimmed">
            {t("results.goal.of", { reached: formatNumber(goal.reached), entered: formatNumber(goal.entered) })}
          </Text>
        </Group>
        {percent && (
          <div
            className={classes.scale}
            role="img"
            aria-label={t("results.goal.between", {
              low: formatShare(percent.low / 100),
              high: formatShare(percent.high / 100),
            })}
          >
            <span
              className={classes.interval}
              style={{ left: at(percent.low), width: `calc(${at(percent.high)} - ${at(percent.low)})` }}
            />
            <span className={classes.value} style={{ left: at(percent.value) }} />
            {target !== undefined && <span className={classes.target} style={{ left: at(target) }} />}
          </div>
        )}
        <Text size="xs" c="dimmed">
          {percent &&
            t("results.goal.between", { low: formatShare(percent.low / 100), high: formatShare(percent.high / 100) })}
          {target !== undefined && ` ${t("results.goal.target", { target: formatShare(target / 100) })}`}
          {goal.target_count !== undefined &&
            ` ${t("results.goal.target", { target: formatNumber(goal.target_count) })}`}
          {goal.within && ` ${t("results.goal.within", { length: sayDuration(goal.within, t) })}`}
        </Text>
      </Stack>
    </Paper>
  );
}
