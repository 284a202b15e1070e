import { ActionIcon, Badge, Button, Card, Group, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { PersonLink } from "@/ui/PersonLink";
import { WideTable } from "@/ui/WideTable";
import { type Page, type Scored, type Selection, useScored } from "../api";
import { describeSelection } from "../describe";
import { usePredictionWords } from "../words";
import { Reasons } from "./Reasons";

const COLORS = { low: "gray", medium: "blue", high: "teal" } as const;

interface RowProps {
  page: Page;
  person: Scored;
  open: boolean;
  onToggle: () => void;
  shows: { amount: boolean; next: boolean };
}

function Row({ page, person, open, onToggle, shows }: RowProps) {
  const t = usePredictionWords();
  const name = person.name || person.user_id;
  const contact = person.email ?? person.phone ?? (person.name ? person.user_id : "");
  return (
    <>
      <Table.Tr>
        <Table.Td>
          <Text size="sm" fw={500}>
            <PersonLink userId={person.user_id} name={person.name} />
          </Text>
          <Text size="xs" c="dimmed" truncate maw={{ base: 180, sm: 260 }}>
            {contact}
          </Text>
        </Table.Td>
        <Table.Td ta="end">
          <Text size="sm" fw={600}>
            {formatNumber(person.score, { maximumFractionDigits: 0 })}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {t(`select.${person.category}`)}
          </Text>
        </Table.Td>
        <Table.Td visibleFrom="sm">
          <Badge variant="light" color={COLORS[person.category]} tt="none">
            {t(`select.${person.category}`)}
          </Badge>
        </Table.Td>
        <Table.Td ta="end" visibleFrom="sm">
          {formatShare(person.probability)}
        </Table.Td>
        {shows.amount && (
          <Table.Td ta="end">
            {person.value === null ? "–" : formatNumber(person.value, { maximumFractionDigits: 2 })}
          </Table.Td>
        )}
        {shows.next && (
          <Table.Td visibleFrom="sm">{person.next_at === null ? "–" : formatDay(person.next_at)}</Table.Td>
        )}
        <Table.Td ta="end" w={48}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-expanded={open}
            aria-label={open ? t("listed.hide") : t("listed.why_of", { person: name })}
            title={open ? t("listed.hide") : t("people.why")}
            onClick={onToggle}
          >
            {open ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td colSpan={7} p={0}>
            <Reasons page={page} userId={person.user_id} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** The people of the selection, the highest scores first, each with the reasons of the score. */
export function PeopleSection({ page, selection }: { page: Page; selection: Selection }) {
  const t = usePredictionWords();
  const key = JSON.stringify(selection);
  const [at, setAt] = useState<{ key: string; afters: string[] }>({ key, afters: [""] });
  const [open, setOpen] = useState<string>();
  const afters = at.key === key ? at.afters : [""];
  const nobody = "category" in selection && selection.category.length === 0;
  const { data, error, isPlaceholderData, refetch } = useScored(page, selection, afters.at(-1) ?? "");
  if (nobody) return <Text c="dimmed">{t("people.none")}</Text>;
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={320} aria-busy />;
  const shows = {
    amount: data.items.some((one) => one.value !== null),
    next: data.items.some((one) => one.next_at !== null),
  };
  const heads = [
    { key: "people.person" },
    { key: "people.score", end: true },
    { key: "people.category", wide: true },
    { key: "people.chance", end: true, wide: true },
    ...(shows.amount ? [{ key: "listed.amount", end: true }] : []),
    ...(shows.next ? [{ key: "listed.next", wide: true }] : []),
  ];
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("people.help")} {describeSelection(t, selection)}.
      </Text>
      <Card withBorder padding={0} style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
        <WideTable minWidth={320}>
          <Table aria-label={t("tab.people")}>
            <Table.Thead>
              <Table.Tr>
                {heads.map((head) => (
                  <Table.Th
                    key={head.key}
                    ta={head.end ? "end" : undefined}
                    {...(head.wide ? { visibleFrom: "sm" } : {})}
                  >
                    {t(head.key)}
                  </Table.Th>
                ))}
                <Table.Th aria-label={t("people.why")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((person) => (
                <Row
                  key={person.user_id}
                  page={page}
                  person={person}
                  open={open === person.user_id}
                  onToggle={() => setOpen(open === person.user_id ? undefined : person.user_id)}
                  shows={shows}
                />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
        {data.items.length ? null : (
          <Text c="dimmed" ta="center" py="xl">
            {t("people.none")}
          </Text>
        )}
      </Card>
      {(afters.length > 1 || data.next) && (
        <Group justify="flex-end" gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={afters.length < 2}
            onClick={() => setAt({ key, afters: afters.slice(0, -1) })}
          >
            {t("people.previous")}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!data.next || isPlaceholderData}
            onClick={() => data.next && setAt({ key, afters: [...afters, data.next] })}
          >
            {t("people.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
