import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { eventLabel } from "@/lib/event-labels";
import { formatInstant } from "@/lib/format";
import { ProblemText } from "@/ui/ProblemText";
import type { Inspected } from "../api";
import classes from "../parts/CodeBlock.module.css";
import { useEventWords } from "../words";
import { VerdictView } from "./VerdictView";

/** One event: what it holds, whom it concerns, what it started, and what it did not match. */
export function EventDetail({ event }: { event: Inspected }) {
  const t = useEventWords();
  const { rejected } = event;
  return (
    <Card withBorder padding="lg" component="section" aria-label={event.name ?? event.type}>
      <Stack>
        <div>
          <Title order={2} size="h4">
            {eventLabel(event.name ?? event.type)}
          </Title>
          <Text size="sm" c="dimmed">
            {event.user_id ?? event.anonymous_id ?? "–"} · {event.source} ·{" "}
            {t("detail.received", { at: formatInstant(event.received_at) })}
          </Text>
        </div>
        {rejected ? (
          <Alert color="red" variant="light" title={t("detail.rejected")}>
            <ProblemText problem={rejected} />{" "}
            {rejected.pointer ? t("detail.rejected_where", { pointer: rejected.pointer }) : null}
          </Alert>
        ) : null}
        {event.ignored ? (
          <Alert color="gray" variant="light">
            {t(`detail.ignored_${event.ignored}`)}
          </Alert>
        ) : null}
        {event.starts.length ? (
          <Stack gap={4}>
            <Text size="xs" c="dimmed" fw={600}>
              {t("detail.starts")}
            </Text>
            {event.starts.map((one) => (
              <Text key={JSON.stringify(one)} size="sm">
                {one.source?.replace(":", " › ")}: {one.reason ?? one.refused ?? t("detail.started")}
              </Text>
            ))}
          </Stack>
        ) : null}
        {rejected ? null : <VerdictView verdict={event} />}
        <div>
          <Text size="xs" c="dimmed" fw={600} mb={4}>
            {t("detail.properties")}
          </Text>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className={classes.code} tabIndex={0} aria-label={t("detail.properties")}>
            <pre>{rejected ? rejected.raw : JSON.stringify(event.properties ?? {}, null, 2)}</pre>
          </section>
        </div>
      </Stack>
    </Card>
  );
}
