import { Anchor, Badge, Group, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatInstant, formatNumber } from "@/lib/format";
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
  const { data } = useEventTypes();
  const [text, setText] = useState("");
  if (!data) return <Skeleton h={320} aria-busy />;
  const items = data.items.filter((one) => one.name.toLowerCase().includes(text.trim().toLowerCase()));
  if (!data.items.length) return <Text c="dimmed">{t("registry.none")}</Text>;
  return (
    <Stack>
      <TextInput
        maw={360}
        leftSection={<IconSearch size={16} />}
        placeholder={t("registry.search")}
        aria-label={t("registry.search")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="sm" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("registry.name")}</Table.Th>
              <Table.Th>{t("registry.state")}</Table.Th>
              <Table.Th ta="end">{t("registry.count")}</Table.Th>
              <Table.Th>{t("registry.last")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.name}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={`/events/${encodeURIComponent(one.name)}`}
                    fw={600}
                    c="var(--mantine-color-text)"
                  >
                    {one.name}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <TypeBadges one={one} />
                </Table.Td>
                <Table.Td ta="end">{formatNumber(one.seen?.count ?? 0)}</Table.Td>
                <Table.Td>{one.seen ? formatInstant(one.seen.last_at) : t("registry.never")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {items.length ? null : <Text c="dimmed">{t("registry.nothing_found")}</Text>}
    </Stack>
  );
}
