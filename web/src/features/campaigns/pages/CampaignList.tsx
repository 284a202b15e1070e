import { Group, SegmentedControl, Text } from "@mantine/core";
import { IconPlus, IconRefresh, IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { StateBadge } from "@/ui/StateBadge";
import { type StateRow, totals, useReports, useStates } from "../data";
import { useCampaignWords } from "../words";

const SHARES = [
  ["delivered", "sent"],
  ["opened", "delivered"],
  ["clicked", "delivered"],
] as const;

export function CampaignList() {
  const t = useCampaignWords();
  const [shelf, setShelf] = useState("live");
  const [text, setText] = useState("");
  const { data, error, refetch } = useStates(shelf === "archived");
  const { data: reports } = useReports();
  const rows = data?.items.filter((row) => `${row.name} ${row.id}`.toLowerCase().includes(text.toLowerCase()));
  const figuresOf = (row: StateRow) => {
    const report = reports?.items.find((one) => one.id === row.id);
    return report && totals(report);
  };
  const share = ([hits, of]: (typeof SHARES)[number]): Column<StateRow> => ({
    key: hits,
    label: t(hits),
    isFigure: true,
    isExtra: true,
    render: (row) => {
      const figures = figuresOf(row);
      return figures && figures[of] > 0 ? formatShare(figures[hits] / figures[of]) : "–";
    },
  });
  const create = (
    <RoleButton scope="definitions:draft" component={Link} to="/campaigns/new" leftSection={<IconPlus size={16} />}>
      {t("new")}
    </RoleButton>
  );
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        {create}
      </PageHead>
      <DataTable
        label={t("title")}
        rows={rows}
        rowKey={(row) => row.id}
        error={error}
        onRetry={() => void refetch()}
        search={text}
        onSearch={setText}
        searchLabel={t("search")}
        filters={
          <SegmentedControl
            size="xs"
            aria-label={t("shelf")}
            value={shelf}
            onChange={setShelf}
            data={["live", "archived"].map((value) => ({ value, label: t(value) }))}
          />
        }
        empty={
          <EmptyState
            icon={<IconSend size={24} />}
            title={t(shelf === "archived" ? "none_archived" : "empty_title")}
            text={t(shelf === "archived" ? "none_archived_text" : "empty_text")}
          >
            {shelf === "live" && create}
          </EmptyState>
        }
        columns={[
          {
            key: "name",
            label: t("name"),
            render: (row) => (
              <>
                <RowName to={row.state === "draft" ? `/campaigns/${row.id}/edit` : `/campaigns/${row.id}`}>
                  {row.name}
                </RowName>
                <Group gap={6} mt={2}>
                  <StateBadge state={row.state} label={t(`state.${row.state}`)} />
                  {row.published_at && (
                    <Text size="xs" c="dimmed">
                      {formatDay(row.published_at)}
                    </Text>
                  )}
                </Group>
              </>
            ),
          },
          {
            key: "sent",
            label: t("sent"),
            isFigure: true,
            render: (row) => {
              const figures = figuresOf(row);
              return figures ? formatNumber(figures.sent) : "–";
            },
          },
          ...SHARES.map(share),
          {
            key: "retarget",
            label: "",
            isFigure: true,
            isExtra: "xs",
            render: (row) =>
              (figuresOf(row)?.sent ?? 0) > 0 && (
                <RoleButton
                  scope="definitions:draft"
                  component={Link}
                  to="/campaigns/new"
                  search={{ from: row.id, retarget: true } as never}
                  variant="subtle"
                  size="compact-xs"
                  leftSection={<IconRefresh size={14} />}
                >
                  {t("retarget")}
                </RoleButton>
              ),
          },
        ]}
      />
    </>
  );
}
