import { Group, Paper, SegmentedControl, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconPlus, IconRefresh, IconSearch, IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { StateBadge } from "@/ui/StateBadge";
import classes from "../campaigns.module.css";
import { type Report, type StateRow, totals, useReports, useStates } from "../data";
import { useCampaignWords } from "../words";

function Share({ hits, of }: { hits: number; of: number }) {
  return (
    <Table.Td ta="right" className={classes.figures} visibleFrom="sm">
      {of > 0 ? formatShare(hits / of) : "–"}
    </Table.Td>
  );
}

function Row({ row, report }: { row: StateRow; report: Report | undefined }) {
  const t = useCampaignWords();
  const figures = report ? totals(report) : undefined;
  return (
    <Table.Tr>
      <Table.Td>
        <Link
          to={row.state === "draft" ? "/campaigns/$id/edit" : "/campaigns/$id"}
          params={{ id: row.id }}
          className={classes.name}
        >
          {row.name}
        </Link>
        <Group gap={6} mt={2}>
          <StateBadge state={row.state} label={t(`state.${row.state}`)} />
          {row.published_at && (
            <Text size="xs" c="dimmed">
              {formatDay(row.published_at)}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right" className={classes.figures}>
        {figures ? formatNumber(figures.sent) : "–"}
      </Table.Td>
      <Share hits={figures?.delivered ?? 0} of={figures?.sent ?? 0} />
      <Share hits={figures?.opened ?? 0} of={figures?.delivered ?? 0} />
      <Share hits={figures?.clicked ?? 0} of={figures?.delivered ?? 0} />
      <Table.Td ta="right" visibleFrom="xs">
        {(figures?.sent ?? 0) > 0 && (
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
        )}
      </Table.Td>
    </Table.Tr>
  );
}

export function CampaignList() {
  const t = useCampaignWords();
  const [shelf, setShelf] = useState("live");
  const [text, setText] = useState("");
  const { data, error, isPending } = useStates(shelf === "archived");
  const { data: reports } = useReports();
  const rows = (data?.items ?? []).filter((row) => `${row.name} ${row.id}`.toLowerCase().includes(text.toLowerCase()));
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
      <ErrorNote error={error} />
      <Group mb="sm" justify="space-between">
        <TextInput
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} />}
          w={280}
          maw="100%"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("shelf")}
          value={shelf}
          onChange={setShelf}
          data={["live", "archived"].map((value) => ({ value, label: t(value) }))}
        />
      </Group>
      <Paper withBorder>
        {isPending && !error ? (
          <Stack p="md">
            {[1, 2, 3].map((n) => (
              <Skeleton key={n} h={40} />
            ))}
          </Stack>
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<IconSend size={24} />}
            title={t(text ? "nothing_found" : shelf === "archived" ? "none_archived" : "empty_title")}
            text={t(text ? "nothing_found_text" : shelf === "archived" ? "none_archived_text" : "empty_text")}
          >
            {!text && shelf === "live" && create}
          </EmptyState>
        ) : (
          <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("name")}</Table.Th>
                <Table.Th ta="right">{t("sent")}</Table.Th>
                {["delivered", "opened", "clicked"].map((name) => (
                  <Table.Th key={name} ta="right" visibleFrom="sm">
                    {t(name)}
                  </Table.Th>
                ))}
                <Table.Th visibleFrom="xs" aria-label={t("actions")} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} report={reports?.items.find((one) => one.id === row.id)} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Paper>
    </>
  );
}
