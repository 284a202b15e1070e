import { Alert, Group, Paper, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { formatInstant, formatNumber, formatShare } from "@/lib/format";
import { DataTable } from "@/ui/DataTable";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { type Reject, useImport, useRejects } from "../data";
import { useListWords } from "../words";
import { ImportState } from "./ImportOverview";

const route = getRouteApi("/imports/$number");
const PAGE = 50;

function Rejects({ number, total }: { number: string; total: number }) {
  const t = useListWords();
  const [after, setAfter] = useState(0);
  const { data, error } = useRejects(number, true, after);
  return (
    <div>
      <Title order={2} fz="md" mb="sm">
        {t("rejects_title", { count: total, n: formatNumber(total) })}
      </Title>
      <DataTable<Reject>
        label={t("rejected")}
        rows={data?.items}
        rowKey={(one) => `${one.row}-${one.column}-${one.code}`}
        error={error}
        onPrevious={after > 0 ? () => setAfter(after - PAGE) : undefined}
        onNext={data?.items.length === PAGE ? () => setAfter(after + PAGE) : undefined}
        columns={[
          { key: "row", label: t("row"), isFigure: true, width: 90, render: (one) => formatNumber(one.row) },
          { key: "column", label: t("column"), isExtra: true, render: (one) => one.column },
          { key: "message", label: t("why"), render: (one) => one.message },
          {
            key: "excerpt",
            label: t("excerpt"),
            isExtra: true,
            render: (one) => (
              <Text size="xs" c="dimmed" ff="monospace" truncate maw={320}>
                {one.excerpt}
              </Text>
            ),
          },
        ]}
      />
    </div>
  );
}

export function ImportPage() {
  const t = useListWords();
  const queries = useQueryClient();
  const { number } = route.useParams();
  const { data: one, error } = useImport(number);
  const cancel = useMutation({
    mutationFn: () => api("POST", `/api/v1/imports/${number}/cancel`),
    onSettled: () => queries.invalidateQueries({ queryKey: ["imports"] }),
  });
  const up = { to: "/imports", label: t("imports") };
  if (!one) {
    return (
      <>
        <PageHead title={t("import_number", { number })} up={up} />
        {error ? <ErrorNote error={error} /> : <Skeleton h={200} />}
      </>
    );
  }
  const figures = [
    ["rows", one.rows],
    ["imported", one.events - one.already_there],
    ["already_there", one.already_there],
    ["rejected", one.rejected],
  ] as const;
  return (
    <>
      <PageHead title={one.file} about={formatInstant(one.started_at)} up={up} mark={<ImportState one={one} />}>
        {one.state === "running" && (
          <RoleButton
            scope="profiles:write"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t("stop_import")}
          </RoleButton>
        )}
      </PageHead>
      <Stack gap="lg">
        <ErrorNote error={cancel.error} />
        {one.error && (
          <Alert color="red" variant="light" title={t("import_failed")}>
            {one.error}
          </Alert>
        )}
        {one.state === "stopped" && (
          <Alert color="gray" variant="light">
            {t("import_stopped")}
          </Alert>
        )}
        {one.state === "running" && (
          <Paper withBorder p="md">
            <Group justify="space-between" mb={6}>
              <Text size="sm">{t(one.waiting ? "import_waits" : "import_runs")}</Text>
              <Text size="sm" fw={600} aria-live="polite">
                {formatShare(one.progress, 0)}
              </Text>
            </Group>
            <Progress value={one.progress * 100} animated aria-label={t("progress")} />
          </Paper>
        )}
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          {figures.map(([name, n]) => (
            <Paper key={name} withBorder p="md">
              <Text size="xs" c="dimmed" fw={600}>
                {t(name)}
              </Text>
              <Text fz={24} fw={650}>
                {formatNumber(n)}
              </Text>
            </Paper>
          ))}
        </SimpleGrid>
        {one.rejected > 0 && <Rejects number={number} total={one.rejected} />}
      </Stack>
    </>
  );
}
