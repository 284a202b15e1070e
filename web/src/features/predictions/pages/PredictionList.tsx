import { Button, Group, SegmentedControl } from "@mantine/core";
import { IconLayoutGrid, IconPlus, IconSparkles } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatAgo, formatNumber, formatShare } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { StateBadge as Badge } from "@/ui/StateBadge";
import { isOpen, type Summary, usePredictions } from "../api";
import { describeTarget } from "../describe";
import { QualityMark } from "../parts/QualityMark";
import { RunProgress } from "../parts/RunProgress";
import { StateBadge } from "../parts/StateBadge";
import { usePredictionWords } from "../words";

function State({ one }: { one: Summary }) {
  const t = usePredictionWords();
  if (one.run && isOpen(one.run)) return <RunProgress run={one.run} />;
  return (
    <Group gap={6} wrap="nowrap">
      <StateBadge state={one.state} />
      {one.stale && one.state !== "archived" && <Badge state="waiting" label={t("state.stale")} />}
    </Group>
  );
}

/** All predictions, with their states and how good they are. */
export function PredictionList() {
  const t = usePredictionWords();
  const { data, error, refetch } = usePredictions();
  const [text, setText] = useState("");
  const [shelf, setShelf] = useState("all");
  const rows = data?.items
    .filter((one) => (one.state === "archived") === (shelf === "archived"))
    .filter((one) => `${one.name} ${one.id}`.toLowerCase().includes(text.trim().toLowerCase()));
  const now = Date.parse(data?.now ?? "");
  const create = (
    <RoleButton scope="definitions:draft" component={Link} to="/predictions/new" leftSection={<IconPlus size={16} />}>
      {t("create")}
    </RoleButton>
  );
  return (
    <>
      <PageHead title={t("title")} about={t("subtitle")}>
        <Button
          component={Link}
          to="/predictions/playbooks"
          variant="default"
          leftSection={<IconLayoutGrid size={16} />}
        >
          {t("playbook.title")}
        </Button>
        {create}
      </PageHead>
      <DataTable
        label={t("title")}
        rows={rows}
        rowKey={(one) => one.id}
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
            data={["all", "archived"].map((value) => ({ value, label: t(`filter_${value}`) }))}
          />
        }
        empty={
          data?.items.length ? (
            t("nothing_found")
          ) : (
            <EmptyState icon={<IconSparkles size={24} />} title={t("empty.title")} text={t("empty.text")}>
              {create}
            </EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            label: t("column.name"),
            render: (one) => (
              <RowName to={`/predictions/${one.id}`} note={describeTarget(t, one.target, one.window_days)}>
                {one.name}
              </RowName>
            ),
          },
          { key: "state", label: t("column.state"), render: (one) => <State one={one} /> },
          {
            key: "quality",
            label: t("column.quality"),
            isExtra: true,
            render: (one) =>
              one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : "–",
          },
          {
            key: "people",
            label: t("column.people"),
            isFigure: true,
            isExtra: "md",
            render: (one) => (one.people === null ? "–" : formatNumber(one.people)),
          },
          {
            key: "rate",
            label: t("column.rate"),
            isFigure: true,
            isExtra: "md",
            render: (one) => (one.base_rate === null ? "–" : formatShare(one.base_rate)),
          },
          {
            key: "scored",
            label: t("column.scored"),
            isExtra: "md",
            render: (one) => (one.scored_at ? formatAgo(one.scored_at, now) : t("never")),
          },
        ]}
      />
    </>
  );
}
