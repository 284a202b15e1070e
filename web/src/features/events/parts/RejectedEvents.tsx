import { Badge, Button, Card, Code, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { formatInstant, formatNumber } from "@/lib/format";
import { ProblemText } from "@/ui/ProblemText";
import { useRejected } from "../api";
import { useEventWords } from "../words";
import classes from "./CodeBlock.module.css";

/** Items that are no events, each with what is wrong and what was sent. */
export function RejectedEvents() {
  const t = useEventWords();
  const [before, setBefore] = useState<string>();
  const { data } = useRejected(before);
  if (!data) return <Skeleton h={240} aria-busy />;
  return (
    <Stack>
      {data.counts.length ? (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {t("rejected.counts")}
          </Text>
          {data.counts.map((one) => (
            <Badge key={`${one.source} ${one.code}`} variant="light" color="gray" tt="none">
              {one.source} · {one.code} · {formatNumber(one.count)}
            </Badge>
          ))}
        </Group>
      ) : null}
      {data.items.map((one) => (
        <Card key={one.position} withBorder padding="md">
          <Stack gap={6}>
            <Group justify="space-between" gap="sm">
              <Text fw={600} size="sm">
                <ProblemText problem={one} />
              </Text>
              <Text size="xs" c="dimmed">
                {one.source} · {formatInstant(one.received_at)}
              </Text>
            </Group>
            <Group gap="xs">
              <Code>{one.code}</Code>
              {one.pointer ? <Code>{one.pointer}</Code> : null}
            </Group>
            <pre className={classes.code}>{one.raw.slice(0, 2_000)}</pre>
          </Stack>
        </Card>
      ))}
      {data.items.length ? null : <Text c="dimmed">{t("rejected.none")}</Text>}
      <Group>
        {before ? (
          <Button variant="default" onClick={() => setBefore(undefined)}>
            {t("rejected.newest")}
          </Button>
        ) : null}
        {data.next ? (
          <Button variant="default" onClick={() => setBefore(data.next ?? undefined)}>
            {t("rejected.more")}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
