import { Box, Group, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { Sparkline } from "@/ui/Sparkline";
import { type Page, type Reason, useReasons } from "../api";
import { usePredictionWords } from "../words";
import { describeFeature } from "./factor";
import classes from "./Reasons.module.css";

function One({ reason, most }: { reason: Reason; most: number }) {
  const t = usePredictionWords();
  const up = reason.makes === "more likely";
  const says = t(up ? "people.more_likely" : "people.less_likely");
  const value =
    reason.value === null
      ? t("people.unknown")
      : t("people.value", { value: formatNumber(reason.value, { maximumFractionDigits: 2 }) });
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate title={reason.feature}>
          {describeFeature(t, reason.feature)}
        </Text>
        <Text size="xs" c="dimmed" style={{ flex: "none" }}>
          {value}
        </Text>
      </Group>
      <div className={classes.scale} role="img" aria-label={says} title={says}>
        <span
          className={classes.bar}
          data-up={up || undefined}
          style={{ width: `${(50 * Math.abs(reason.adds)) / most}%` }}
        />
      </div>
    </div>
  );
}

/** What moved one score most, each way, and the scores so far. */
export function Reasons({ page, userId }: { page: Page; userId: string }) {
  const t = usePredictionWords();
  const { data, error } = useReasons(page, userId);
  const most = Math.max(...(data?.reasons ?? []).map((one) => Math.abs(one.adds)), 0.0001);
  const scores = (data?.history ?? []).map((one) => one.score).filter((score) => score !== null);
  return (
    <Box p="md" className={classes.box}>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton h={120} aria-busy /> : null}
      {data ? (
        <Stack gap="md">
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t(data.reasons.length ? "listed.moves" : "people.reasons_none")}
            </Text>
            <Group gap="lg">
              <Text size="xs" c="dimmed">
                <span className={classes.legend} /> {t("people.less_likely")}
              </Text>
              <Text size="xs" c="dimmed">
                <span className={classes.legend} data-up /> {t("people.more_likely")}
              </Text>
            </Group>
          </Group>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="sm">
            {data.reasons.map((reason) => (
              <One key={reason.feature} reason={reason} most={most} />
            ))}
          </SimpleGrid>
          {scores.length > 1 ? (
            <Group gap="sm">
              <Text size="xs" c="dimmed">
                {t("people.before")}: {scores.map((score) => formatNumber(Math.round(score))).join(" → ")}
              </Text>
              <Sparkline values={scores} />
            </Group>
          ) : null}
        </Stack>
      ) : null}
    </Box>
  );
}
