import { Button, Group, Text } from "@mantine/core";
import { IconDownload, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { ApiProblem } from "@/api/client";
import { download } from "@/lib/download";
import { formatInstant, formatNumber } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { RowName } from "@/ui/RowName";
import { type PersonRow, useMembers } from "../data";
import { useSegmentWords } from "../words";

/** Who is in a segment, a page at a time, and all of them as a file. */
export function Members({ id, onWhy }: { id: string; onWhy: (userId: string) => void }) {
  const t = useSegmentWords();
  const [pages, setPages] = useState<string[]>([""]);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState("");
  const { data, error, refetch } = useMembers(id, pages.at(-1) ?? "");

  async function save(format: "csv" | "parquet") {
    setBusy(format);
    setFailed(null);
    await download(
      `/api/v1/segments/${encodeURIComponent(id)}/export?format=${format}&bom=true`,
      `${id}.${format}`,
    ).catch((e: unknown) => setFailed(e instanceof ApiProblem ? e : new Error(String(e))));
    setBusy("");
  }

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
      <ErrorNote error={failed} />
      <DataTable<PersonRow>
        label={t("members")}
        rows={data?.items}
        error={error}
        onRetry={() => void refetch()}
        rowKey={(person) => person.user_id}
        empty={<EmptyState icon={<IconUsers size={24} />} title={t("nobody")} text={t("nobody_text")} />}
        onPrevious={pages.length > 1 ? () => setPages(pages.slice(0, -1)) : undefined}
        onNext={data?.next ? () => setPages([...pages, data.next ?? ""]) : undefined}
        columns={[
          {
            key: "person",
            label: t("person"),
            render: (person) => (
              <RowName
                to={`/people/${encodeURIComponent(person.user_id)}`}
                note={person.email ?? (person.name ? person.user_id : undefined)}
              >
                {person.name ?? person.user_id}
              </RowName>
            ),
          },
          { key: "phone", label: t("phone"), isExtra: true, render: (person) => person.phone },
          {
            key: "since",
            label: t("member_since"),
            isExtra: "xs",
            render: (person) => (person.since ? formatInstant(person.since) : "–"),
          },
          {
            key: "why",
            label: "",
            isFigure: true,
            render: (person) => (
              <Button variant="subtle" size="compact-xs" onClick={() => onWhy(person.user_id)}>
                {t("why")}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}
