import { Alert, Box, Card, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { eventNote } from "@/lib/event-labels";
import { formatInstant, formatNumber, formatShare } from "@/lib/format";
import { sayError } from "@/lib/problem-words";
import { PageHead } from "@/ui/PageHead";
import { useEventType } from "../api";
import { CodeBlock } from "../parts/CodeBlock";
import { TypeBadges } from "../parts/Registry";
import { useEventWords } from "../words";

const shown = (example: unknown) =>
  (typeof example === "string" ? example : JSON.stringify(example ?? null)).slice(0, 120);

/** One event: its properties with examples and schema, what is wrong with them, and the code that sends it. */
export function EventTypePage() {
  const t = useEventWords();
  const { name } = useParams({ strict: false }) as { name: string };
  const { data, error } = useEventType(name);
  if (error && !data) {
    return (
      <Alert color="red" variant="light" title={error.status === 404 ? t("type.not_found") : t("failed_to_load")}>
        {sayError(error)}
      </Alert>
    );
  }
  if (!data) return <Skeleton h={480} aria-busy />;
  return (
    <Box maw={1280} mx="auto">
      <PageHead
        title={data.name}
        up={{ to: "/events?tab=registry", label: t("back") }}
        mark={<TypeBadges one={data} />}
        about={
          data.seen
            ? [
                eventNote(data.name),
                t("type.times", { count: data.seen.count }),
                t("type.first", { at: formatInstant(data.seen.first_at) }),
                t("type.last", { at: formatInstant(data.seen.last_at) }),
              ]
                .filter(Boolean)
                .join(" · ")
            : null
        }
      />
      <Stack gap="lg">
        <Card withBorder padding="lg">
          <Title order={2} size="h4">
            {t("type.properties")}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {t("type.looked", { count: formatNumber(data.looked_at) })}
          </Text>
          {data.properties.length ? (
            <Table.ScrollContainer minWidth={0}>
              <Table verticalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("type.path")}</Table.Th>
                    <Table.Th visibleFrom="xs">{t("type.expected")}</Table.Th>
                    <Table.Th>{t("type.types")}</Table.Th>
                    <Table.Th visibleFrom="sm">{t("type.example")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.properties.map((one) => (
                    <Table.Tr key={one.path}>
                      <Table.Td>
                        <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                          {one.path}
                        </Text>
                      </Table.Td>
                      <Table.Td visibleFrom="xs">{one.expected ?? "–"}</Table.Td>
                      <Table.Td>
                        {one.types.map((kind) => `${kind.type} ${formatShare(kind.share, 0)}`).join(", ")}
                      </Table.Td>
                      <Table.Td visibleFrom="sm">
                        <Text size="sm" c="dimmed" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
                          {one.types[0] ? shown(one.types[0].example) : "–"}
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          ) : (
            <Text size="sm" c="dimmed">
              {t("type.none")}
            </Text>
          )}
        </Card>
        <Card withBorder padding="lg">
          <Title order={2} size="h4" mb="sm">
            {t("type.code")}
          </Title>
          <CodeBlock event={data.name} />
        </Card>
      </Stack>
    </Box>
  );
}
