import { Progress } from "@mantine/core";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { formatInstant, formatNumber } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { RowName } from "@/ui/RowName";
import { StateBadge } from "@/ui/StateBadge";
import { type ImportShown, useImports } from "../data";
import { useListWords } from "../words";

export function ImportState({ one }: { one: ImportShown }) {
  const t = useListWords();
  const state = one.waiting ? "waiting" : one.state;
  return <StateBadge state={state} label={t(`import_state.${state}`)} />;
}

export function ImportOverview() {
  const t = useListWords();
  const { data, error, refetch } = useImports();
  const begin = (
    <RoleButton scope="profiles:write" component={Link} to="/imports/new" leftSection={<IconUpload size={16} />}>
      {t("import_new")}
    </RoleButton>
  );
  return (
    <>
      <PageHead title={t("imports")} about={t("imports_about")}>
        {begin}
      </PageHead>
      {data?.items.length === 0 ? (
        <EmptyState icon={<IconFileImport size={24} />} title={t("imports_empty")} text={t("imports_empty_text")}>
          {begin}
        </EmptyState>
      ) : (
        <DataTable<ImportShown>
          label={t("imports")}
          rows={data?.items}
          rowKey={(one) => String(one.id)}
          error={error}
          onRetry={() => void refetch()}
          columns={[
            {
              key: "file",
              label: t("file"),
              render: (one) => (
                <RowName to={`/imports/${one.id}`} note={formatInstant(one.started_at)}>
                  {one.file}
                </RowName>
              ),
            },
            {
              key: "state",
              label: t("state"),
              render: (one) =>
                one.state === "running" && !one.waiting ? (
                  <Progress value={one.progress * 100} w={120} aria-label={t("progress")} />
                ) : (
                  <ImportState one={one} />
                ),
            },
            { key: "rows", label: t("rows"), isFigure: true, isExtra: true, render: (one) => formatNumber(one.rows) },
            { key: "events", label: t("imported"), isFigure: true, render: (one) => formatNumber(one.events) },
            {
              key: "rejected",
              label: t("rejected"),
              isFigure: true,
              isExtra: true,
              render: (one) => formatNumber(one.rejected),
            },
          ]}
        />
      )}
    </>
  );
}
