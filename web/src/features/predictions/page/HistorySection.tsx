import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { formatInstant, formatNumber } from "@/lib/format";
import type { Page, Run } from "../api";
import { describeSelection } from "../describe";
import { QualityMark } from "../parts/QualityMark";
import { usePredictionWords } from "../words";

const COLORS: Record<Run["state"], string> = {
  waiting: "gray",
  running: "indigo",
  done: "teal",
  failed: "red",
  cancelled: "gray",
};

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder padding="lg">
      <Title order={3} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}

function Outcomes({ page }: { page: Page }) {
  const t = usePredictionWords();
  return (
    <Part title={t("history.outcomes")}>
      <Text size="sm" c="dimmed" mb="sm">
        {t(page.outcomes.length ? "history.outcomes_help" : "history.outcomes_none")}
      </Text>
      {page.outcomes.length ? (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("history.scored_at")}</Table.Th>
                <Table.Th ta="end">{t("history.expected")}</Table.Th>
                <Table.Th ta="end">{t("history.acted")}</Table.Th>
                <Table.Th ta="end">{t("measured.auc_name")}</Table.Th>
                <Table.Th>{t("column.quality")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {page.outcomes.map((one) => (
                <Table.Tr key={one.at}>
                  <Table.Td>{formatInstant(one.at)}</Table.Td>
                  <Table.Td ta="end">{formatNumber(one.expected ?? 0, { maximumFractionDigits: 0 })}</Table.Td>
                  <Table.Td ta="end">{formatNumber(one.positives)}</Table.Td>
                  <Table.Td ta="end">
                    {one.auc === null ? "–" : formatNumber(one.auc, { maximumFractionDigits: 3 })}
                  </Table.Td>
                  <Table.Td>
                    {one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : "–"}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Part>
  );
}

function Made({ page }: { page: Page }) {
  const t = usePredictionWords();
  return (
    <Part title={t("history.made")}>
      {page.targets.length ? (
        <Stack gap="xs">
          {page.targets.map((one) => {
            const { score, category } = one.selection;
            const says = category
              ? describeSelection(t, { category })
              : describeSelection(t, {
                  score: { gte: score?.gte ?? score?.gt ?? 0, lte: score?.lte ?? score?.lt ?? 100 },
                });
            return (
              <Group key={`${one.kind} ${one.id}`} justify="space-between" wrap="nowrap">
                <div>
                  <Anchor size="sm" href={`/${one.kind}s/${one.id}`}>
                    {one.id}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {t(`history.${one.kind}`)} · {says}
                  </Text>
                </div>
                <Text size="xs" c="dimmed">
                  {formatInstant(one.made_at)}
                </Text>
              </Group>
            );
          })}
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {t("history.made_none")}
        </Text>
      )}
    </Part>
  );
}

/** Versions of the model, its runs, how it did, and what was made of it. */
export function HistorySection({ page }: { page: Page }) {
  const t = usePredictionWords();
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: "start" }}>
      <Outcomes page={page} />
      <Made page={page} />
      <Part title={t("history.versions")}>
        <Stack gap="md">
          {page.versions.map((one) => (
            <Group key={one.version} justify="space-between" align="flex-start" wrap="nowrap">
              <div>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {t("history.version", { version: one.version })}
                  </Text>
                  {one.version === page.version ? (
                    <Badge size="sm" variant="light" tt="none">
                      {t("history.serves")}
                    </Badge>
                  ) : null}
                </Group>
                <Text size="xs" c="dimmed">
                  {t("history.learnt")} {formatInstant(one.as_of)} · {one.model} · {one.digest}
                </Text>
              </div>
              {one.quality_label ? <QualityMark label={one.quality_label} quality={one.quality} /> : null}
            </Group>
          ))}
          {page.versions.length ? null : (
            <Text size="sm" c="dimmed">
              {t("never")}
            </Text>
          )}
        </Stack>
      </Part>
      <Part title={t("history.runs")}>
        <Stack gap="md">
          {page.runs.map((run) => (
            <Group key={run.run} justify="space-between" align="flex-start" wrap="nowrap">
              <div>
                <Text size="sm" fw={600}>
                  {t(`history.${run.kind}`)}
                </Text>
                <Text size="xs" c="dimmed">
                  {formatInstant(run.asked_at)}
                </Text>
                {run.message ? (
                  <Text size="xs" c="red">
                    {run.message}
                  </Text>
                ) : null}
              </div>
              <Badge size="sm" variant="light" color={COLORS[run.state]} tt="none" style={{ flex: "none" }}>
                {t(`history.${run.state}`)}
              </Badge>
            </Group>
          ))}
        </Stack>
      </Part>
    </SimpleGrid>
  );
}
