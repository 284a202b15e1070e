import { Badge, Card, Code, Grid, Group, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { sayError } from "@/lib/problem-words";
import { useEventNames } from "@/lib/suggestions";
import { ErrorNote } from "@/ui/ErrorNote";
import { RowsLoading } from "@/ui/Loading";
import { type Source, useHook, useSources } from "../api";
import { useEventWords } from "../words";
import { CodeBlock } from "./CodeBlock";

function SourceCard({ source }: { source: Source }) {
  const t = useEventWords();
  const hook = useHook(source.id);
  return (
    <Card withBorder padding="md">
      <Stack gap={6}>
        <Group justify="space-between">
          <Text fw={600}>{source.name || source.id}</Text>
          <Badge variant="light" color={source.trusted ? "teal" : "gray"} tt="none" fw={500}>
            {t(source.trusted ? "sources.trusted" : "sources.untrusted")}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {source.id} · {t("sources.keys", { count: source.write_keys })}
        </Text>
        <Text size="sm" fw={600} mt="xs">
          {t("sources.hook")}
        </Text>
        {hook.data ? (
          <>
            <Code block>{hook.data.url}</Code>
            <Text size="xs" c="dimmed">
              {t("sources.hook_text", { event: hook.data.event })}{" "}
              {hook.data.signed ? t("sources.signed", { header: hook.data.signature_header }) : t("sources.unsigned")}
            </Text>
          </>
        ) : (
          <Text size="xs" c="dimmed">
            {hook.error ? sayError(hook.error) : "…"}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

/** How events come in: code for each of them, sources, and their webhooks. */
export function Sources() {
  const t = useEventWords();
  const names = useEventNames();
  const sources = useSources();
  const [chosen, setChosen] = useState<string | null>(null);
  const event = chosen ?? names[0] ?? "Order Completed";
  return (
    <Stack>
      <Text c="dimmed">{t("sources.text")}</Text>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Title order={2} size="h4">
              {t("sources.code")}
            </Title>
            <Select
              label={t("sources.event")}
              data={names.length ? names : [event]}
              value={event}
              onChange={setChosen}
              searchable
              maw={360}
            />
            <Text size="sm" c="dimmed">
              {t("sources.key")}
            </Text>
            <CodeBlock event={event} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Title order={2} size="h4">
              {t("sources.list")}
            </Title>
            <ErrorNote error={sources.error} onRetry={() => void sources.refetch()} />
            {sources.isPending && <RowsLoading rows={3} />}
            {sources.data?.items.map((one) => (
              <SourceCard key={one.id} source={one} />
            ))}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
