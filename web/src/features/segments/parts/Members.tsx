import { Button, Group, Paper, Skeleton, Table, Text } from "@mantine/core";
import { IconDownload, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { ApiProblem } from "@/api/client";
import { download } from "@/lib/download";
import { formatInstant, formatNumber } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { type PersonRow, useMembers } from "../data";
import { useSegmentWords } from "../words";

/** Who is in a segment, a page at a time, and all of them as a file. */
export function Members({ id, onWhy }: { id: string; onWhy: (userId: string) => void }) {
  const t = useSegmentWords();
  const [pages, setPages] = useState<string[]>([""]);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState("");
  const { data, error, isPending } = useMembers(id, pages.at(-1) ?? "");

  async function save(format: "csv" | "parquet") {
    setBusy(format);
    setFailed(null);
    await download(
      `/api/v1/segments/${encodeURIComponent(id)}/export?format=${format}&bom=true`,
      `${id}.${format}`,
    ).catch((e: unknown) => setFailed(e instanceof ApiProblem ? e : new Error(String(e))));
    setBusy("");
  }

  const row = (person: PersonRow) => (
    <Table.Tr key={person.user_id}>
      <Table.Td>
        <a href={`/people/${encodeURIComponent(person.user_id)}`} style={{ color: "inherit", fontWeight: 500 }}>
          {person.name ?? person.user_id}
        </a>
        <Text size="xs" c="dimmed">
          {person.email ?? person.user_id}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{person.phone}</Table.Td>
      <Table.Td visibleFrom="xs">{person.since ? formatInstant(person.since) : "–"}</Table.Td>
      <Table.Td ta="right">
        <Button variant="subtle" size="compact-xs" onClick={() => onWhy(person.user_id)}>
          {t("why")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );

  return (
    <>
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed">
          {data
            ? t("members_as_of", { count: data.members, n: formatNumber(data.members), at: formatInstant(data.at) })
            : ""}
        </Text>
        <Group gap="xs">
          {(["csv", "parquet"] as const).map((format) => (
            <Button
              key={format}
              variant="default"
              size="xs"
              leftSection={<IconDownload size={14} />}
              loading={busy === format}
              onClick={() => void save(format)}
            >
              {format === "csv" ? "CSV" : "Parquet"}
            </Button>
          ))}
        </Group>
      </Group>
      <ErrorNote error={error ?? failed} />
      <Paper withBorder>
        {isPending && !error ? (
          <Skeleton h={200} />
        ) : data?.items.length ? (
          <Table verticalSpacing="xs" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("person")}</Table.Th>
                <Table.Th visibleFrom="sm">{t("phone")}</Table.Th>
                <Table.Th visibleFrom="xs">{t("member_since")}</Table.Th>
                <Table.Th aria-label={t("actions")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{data.items.map(row)}</Table.Tbody>
          </Table>
        ) : (
          <EmptyState icon={<IconUsers size={24} />} title={t("nobody")} text={t("nobody_text")} />
        )}
      </Paper>
      <Group mt="sm" gap="xs">
        <Button variant="default" size="xs" disabled={pages.length < 2} onClick={() => setPages(pages.slice(0, -1))}>
          {t("previous")}
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={!data?.next}
          onClick={() => data?.next && setPages([...pages, data.next])}
        >
          {t("next")}
        </Button>
      </Group>
    </>
  );
}
