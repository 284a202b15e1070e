import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Menu,
  Paper,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconChevronDown, IconDots, IconHexagons, IconLayoutGrid, IconPlus, IconSearch } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ComponentProps, useState } from "react";
import type { SegmentRow } from "@/api/answers";
import { formatNumber, formatShare } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton, RoleItem } from "@/ui/RoleButton";
import { useSegments, useTrends } from "../data";
import { Trend } from "../parts/Trend";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";

type Order = "name" | "members";
const PAGE = 25;

interface RowProps {
  row: SegmentRow;
  people: number;
  trend: ComponentProps<typeof Trend>;
}

function Row({ row, people, trend }: RowProps) {
  const t = useSegmentWords();
  const go = useNavigate();
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/segments/$id" params={{ id: row.id }} className={classes.name}>
          {row.name}
        </Link>
        <Text size="xs" c="dimmed">
          {row.id}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Text size="sm" fw={600} className={classes.figures}>
          {formatNumber(row.members)}
        </Text>
        <Text size="xs" c="dimmed" className={classes.figures}>
          {formatShare(people ? row.members / people : 0)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="xs">
        {row.archived_at ? (
          <Badge variant="light" color="gray" radius="sm" tt="none">
            {t("archived")}
          </Badge>
        ) : (
          <Trend {...trend} />
        )}
      </Table.Td>
      <Table.Td w={48}>
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t("actions_for", { name: row.name })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <RoleItem
              scope="definitions:draft"
              onClick={() => go({ to: "/segments/$id/edit", params: { id: row.id } })}
            >
              {t("edit")}
            </RoleItem>
            <RoleItem scope="definitions:draft" onClick={() => go({ to: "/segments/new", search: { copy: row.id } })}>
              {t("copy")}
            </RoleItem>
            <RoleItem scope="definitions:draft" onClick={() => go({ href: `/campaigns/new?segment=${row.id}` })}>
              {t("make_campaign")}
            </RoleItem>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

/** A page of them, whose trends are asked at once. */
function Rows({ rows, people }: { rows: SegmentRow[]; people: number }) {
  const { data, isPending } = useTrends(rows.filter((row) => row.archived_at === null).map((row) => row.id));
  return rows.map((row) => (
    <Row key={row.id} row={row} people={people} trend={{ points: data?.get(row.id), isPending }} />
  ));
}

function NewButtons() {
  const t = useSegmentWords();
  return (
    <>
      <Button component={Link} to="/segments/templates" variant="default" leftSection={<IconLayoutGrid size={16} />}>
        {t("templates")}
      </Button>
      <RoleButton scope="definitions:draft" component={Link} to="/segments/new" leftSection={<IconPlus size={16} />}>
        {t("new")}
      </RoleButton>
    </>
  );
}

export function SegmentList() {
  const t = useSegmentWords();
  const { data, error, isPending } = useSegments();
  const [text, setText] = useState("");
  const [shelf, setShelf] = useState("live");
  const [order, setOrder] = useState<Order>("members");
  const [pages, setPages] = useState(1);
  const rows = (data?.items ?? [])
    .filter((row) => (shelf === "archived") === (row.archived_at !== null))
    .filter((row) => `${row.name} ${row.id}`.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => (order === "name" ? a.name.localeCompare(b.name) : b.members - a.members));
  const archived = (data?.items ?? []).filter((row) => row.archived_at !== null).length;
  const sortBy = (name: Order, label: string) => (
    <button type="button" className={classes.sort} onClick={() => setOrder(name)}>
      {label}
      {order === name && <IconChevronDown size={14} aria-hidden />}
    </button>
  );
  const sorted = (name: Order) => (order === name ? (name === "name" ? "ascending" : "descending") : "none");

  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        <NewButtons />
      </PageHead>
      <ErrorNote error={error} />
      <Group mb="sm" justify="space-between">
        <TextInput
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={280}
          maw="100%"
        />
        <SegmentedControl
          aria-label={t("shelf")}
          size="xs"
          value={shelf}
          onChange={setShelf}
          data={[
            { value: "live", label: t("live") },
            { value: "archived", label: `${t("archived_many")} ${archived ? `(${archived})` : ""}` },
          ]}
        />
      </Group>
      <Paper withBorder>
        {isPending && !error ? (
          <Stack p="md">
            {[1, 2, 3, 4, 5].map((n) => (
              <Skeleton key={n} h={36} />
            ))}
          </Stack>
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<IconHexagons size={24} />}
            title={t(text ? "nothing_found" : shelf === "archived" ? "none_archived" : "empty_title")}
            text={t(text ? "nothing_found_text" : shelf === "archived" ? "none_archived_text" : "empty_text")}
          >
            {!text && shelf === "live" && <NewButtons />}
          </EmptyState>
        ) : (
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th aria-sort={sorted("name")}>{sortBy("name", t("name"))}</Table.Th>
                <Table.Th aria-sort={sorted("members")} ta="right">
                  {sortBy("members", t("people"))}
                </Table.Th>
                <Table.Th visibleFrom="xs">{t("trend")}</Table.Th>
                <Table.Th w={48} aria-label={t("actions")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {Array.from({ length: pages }, (_, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a page is its place
                <Rows key={n} rows={rows.slice(n * PAGE, (n + 1) * PAGE)} people={data?.people ?? 0} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Paper>
      {rows.length > pages * PAGE && (
        <Button variant="default" mt="md" onClick={() => setPages(pages + 1)}>
          {t("more", { count: rows.length - pages * PAGE })}
        </Button>
      )}
    </>
  );
}
