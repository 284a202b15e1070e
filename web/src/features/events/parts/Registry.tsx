import { Badge, Group } from "@mantine/core";
import { useState } from "react";
import { eventNote } from "@/lib/event-labels";
import { formatInstant, formatNumber } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { RowName } from "@/ui/RowName";
import { StateBadge } from "@/ui/StateBadge";
import { type EventType, useEventTypes } from "../api";
import { useEventWords } from "../words";

export function TypeBadges({ one }: { one: EventType }) {
  const t = useEventWords();
  const state = one.published ? "registered" : one.registered ? "draft" : "seen_only";
  return (
    <Group gap={6}>
      <StateBadge state={one.published ? "published" : "draft"} label={t(`registry.${state}`)} />
      {one.derived ? (
        <Badge variant="light" tt="none" fw={500}>
          {t("registry.derived")}
        </Badge>
      ) : null}
      {one.faults.length ? (
        <Badge variant="light" color="orange" tt="none" fw={500}>
          {t("registry.faults", { count: one.faults.length })}
        </Badge>
      ) : null}
    </Group>
  );
}

/** Events by their names: registered, and seen. */
export function Registry() {
  const t = useEventWords();
  const { data, error, refetch } = useEventTypes();
  const [text, setText] = useState("");
  const rows = data?.items.filter((one) =>
    `${one.name} ${eventNote(one.name) ?? ""}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <DataTable
      label={t("title")}
      rows={rows}
      rowKey={(one) => one.name}
      error={error}
      onRetry={() => void refetch()}
      search={text}
      onSearch={setText}
      searchLabel={t("registry.search")}
      empty={t("registry.none")}
      columns={[
        {
          key: "name",
          label: t("registry.name"),
          render: (one) => (
            <RowName to={`/events/${encodeURIComponent(one.name)}`} note={eventNote(one.name)}>
              {one.name}
            </RowName>
          ),
        },
        { key: "state", label: t("registry.state"), render: (one) => <TypeBadges one={one} /> },
        {
          key: "count",
          label: t("registry.count"),
          isFigure: true,
          isExtra: true,
          render: (one) => formatNumber(one.seen?.count ?? 0),
        },
        {
          key: "last",
          label: t("registry.last"),
          isExtra: true,
          render: (one) => (one.seen ? formatInstant(one.seen.last_at) : t("registry.never")),
        },
      ]}
    />
  );
}
