import { ActionIcon, Badge, Button, Menu, SegmentedControl, Text } from "@mantine/core";
import { IconDots, IconHexagons, IconLayoutGrid, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { SegmentRow } from "@/api/answers";
import { formatNumber, formatShare } from "@/lib/format";
import { DataTable, type Sort } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton, RoleItem } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { useSegments, useTrends } from "../data";
import { Trend } from "../parts/Trend";
import { useSegmentWords } from "../words";

const PAGE = 25;

function RowMenu({ row }: { row: SegmentRow }) {
  const t = useSegmentWords();
  const go = useNavigate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("actions_for", { name: row.name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <RoleItem scope="definitions:draft" onClick={() => go({ to: "/segments/$id/edit", params: { id: row.id } })}>
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
  );
}

/** Its trend; the trends of those on the same page are asked at once. */
function TrendCell({ row, page }: { row: SegmentRow; page: SegmentRow[] }) {
  const t = useSegmentWords();
  const { data, isPending } = useTrends(page.filter((one) => one.archived_at === null).map((one) => one.id));
  return row.archived_at ? (
    <Badge color="gray">{t("archived")}</Badge>
  ) : (
    <Trend points={data?.get(row.id)} isPending={isPending} />
  );
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
  const { data, error, refetch } = useSegments();
  const [text, setText] = useState("");
  const [shelf, setShelf] = useState("live");
  const [sort, setSort] = useState<Sort>({ key: "members", descending: true });
  const [pages, setPages] = useState(1);
  const turn = sort.descending ? -1 : 1;
  const rows = data?.items
    .filter((row) => (shelf === "archived") === (row.archived_at !== null))
    .filter((row) => `${row.name} ${row.id}`.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => turn * (sort.key === "name" ? a.name.localeCompare(b.name) : a.members - b.members));
  const archived = (data?.items ?? []).filter((row) => row.archived_at !== null).length;
  const left = (rows?.length ?? 0) - pages * PAGE;
  const pageOf = (row: SegmentRow) => {
    const page = Math.floor((rows ?? []).indexOf(row) / PAGE);
    return (rows ?? []).slice(page * PAGE, (page + 1) * PAGE);
  };
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        <NewButtons />
      </PageHead>
      <DataTable
        label={t("title")}
        rows={rows?.slice(0, pages * PAGE)}
        rowKey={(row) => row.id}
        error={error}
        onRetry={() => void refetch()}
        sort={sort}
        onSort={setSort}
        search={text}
        onSearch={setText}
        searchLabel={t("search")}
        filters={
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
        }
        empty={
          <EmptyState
            icon={<IconHexagons size={24} />}
            title={t(shelf === "archived" ? "none_archived" : "empty_title")}
            text={t(shelf === "archived" ? "none_archived_text" : "empty_text")}
          >
            {shelf === "live" && <NewButtons />}
          </EmptyState>
        }
        more={
          left > 0 && (
            <Button variant="default" onClick={() => setPages(pages + 1)}>
              {t("more", { count: left })}
            </Button>
          )
        }
        columns={[
          {
            key: "name",
            label: t("name"),
            sorts: true,
            render: (row) => (
              <RowName to={`/segments/${row.id}`} note={row.id}>
                {row.name}
              </RowName>
            ),
          },
          {
            key: "members",
            label: t("people"),
            sorts: true,
            isFigure: true,
            render: (row) => (
              <>
                <Text size="sm" fw={600}>
                  {formatNumber(row.members)}
                </Text>
                <Text size="xs" c="dimmed">
                  {formatShare(data?.people ? row.members / data.people : 0)}
                </Text>
              </>
            ),
          },
          {
            key: "trend",
            label: t("trend"),
            isExtra: "xs",
            render: (row) => <TrendCell row={row} page={pageOf(row)} />,
          },
          { key: "actions", label: "", width: 48, render: (row) => <RowMenu row={row} /> },
        ]}
      />
    </>
  );
}
