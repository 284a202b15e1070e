import { Alert, Card, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { formatNumber, formatShare } from "@/lib/format";
import { ProblemText } from "@/ui/ProblemText";
import { RoleButton } from "@/ui/RoleButton";
import { type Alarm, isOpen, type Page, useAct } from "../api";
import { RunProgress } from "../parts/RunProgress";
import { usePredictionWords } from "../words";
import { describeFeature } from "./factor";

function sayAlarm(t: (key: string, values?: object) => string, alarm: Alarm): string {
  const figure = (n: number) => formatNumber(n, { maximumFractionDigits: 3 });
  switch (alarm.code) {
    case "scores_moved":
      return t("alarm.scores_moved", { index: figure(alarm.index) });
    case "base_rate_moved":
      return t("alarm.base_rate_moved", { first: formatShare(alarm.first), last: formatShare(alarm.last) });
    case "people_moved":
      return t("alarm.people_moved", { features: alarm.features.map((one) => describeFeature(t, one)).join("; ") });
    case "ranks_worse":
      return t("alarm.ranks_worse", { measured: figure(alarm.measured), promised: figure(alarm.promised) });
    case "counts_off":
      return t("alarm.counts_off", {
        acted: formatNumber(alarm.acted),
        expected: formatNumber(Math.round(alarm.expected)),
      });
  }
}

/** Which word says why scores may not be those of today. */
function staleWord(page: Page): string {
  if (page.mode === "archived") return "page.stale_archived";
  return page.next_rescore_at && page.why_stale?.includes("scored anew") ? "page.stale_late" : "page.stale_changed";
}

/** What is under way, what failed, what has moved. */
export function PageNotices({ page }: { page: Page }) {
  const t = usePredictionWords();
  const act = useAct(page.id);
  const { run } = page;
  return (
    <>
      {run && isOpen(run) ? (
        <Card withBorder padding="md">
          <RunProgress
            run={run}
            action={
              <RoleButton
                scope="definitions:draft"
                size="compact-sm"
                variant="subtle"
                color="gray"
                loading={act.isPending}
                onClick={() => act.mutate("cancel")}
              >
                {t("page.cancel")}
              </RoleButton>
            }
          />
        </Card>
      ) : null}
      {run?.state === "failed" ? (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("page.failed")}>
          <ProblemText problem={{ code: run.code ?? "", message: run.message ?? "" }} />
          {page.version === null ? null : <Text size="sm">{t("page.failed_serves")}</Text>}
          {page.mode === "active" ? (
            <Group mt="sm">
              <RoleButton
                scope="definitions:draft"
                size="xs"
                variant="default"
                onClick={() => act.mutate("build")}
                loading={act.isPending}
              >
                {t("retry")}
              </RoleButton>
            </Group>
          ) : null}
        </Alert>
      ) : null}
      {run?.state === "cancelled" ? (
        <Alert color="gray" variant="light" icon={<IconInfoCircle />}>
          {t("page.cancelled")}
        </Alert>
      ) : null}
      {page.stale ? (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle />}>
          {t(staleWord(page))}
        </Alert>
      ) : null}
      {page.drift?.alarms.length ? (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle />} title={t("page.alarm")}>
          <List size="sm">
            {page.drift.alarms.map((one) => (
              <List.Item key={one.code}>{sayAlarm(t, one)}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
    </>
  );
}
