import { Card, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ApiProblem, api } from "@/api/client";
import { formatDay, formatNumber } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { StateBadge } from "@/ui/StateBadge";
import type { Use } from "../api";
import { usePredictionWords } from "../words";
import type { Draft } from "./form";

interface Told {
  use: Use;
  reason: { code: string } & Record<string, unknown>;
  audience: number;
  windows: { until: string; people: number; acted: number }[];
}

const LIKE: Record<Use, string> = { usable: "done", indicative: "waiting", "not usable": "failed" };

/** Whether the data can teach what is being written, and how many it is about now. */
export function DataCheck({ draft }: { draft: Draft | undefined }) {
  const t = usePredictionWords();
  const [asked] = useDebouncedValue(draft, 400);
  const { data, error, isFetching } = useQuery<Told, ApiProblem>({
    queryKey: ["predictions", "check", asked],
    queryFn: ({ signal }) => api<Told>("POST", "/api/v1/predictions/check", { body: asked, signal }),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Card withBorder padding="lg" component="section" aria-label={t("check.title")}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("check.title")}
          </Title>
          {draft && data && !error ? <StateBadge state={LIKE[data.use]} label={t(`check.${data.use}`)} /> : null}
        </Group>
        {!draft ? (
          <Text size="sm" c="dimmed">
            {t("check.waiting")}
          </Text>
        ) : error ? (
          <ErrorNote error={error} />
        ) : data ? (
          <Stack gap="sm" aria-live="polite" style={{ opacity: isFetching ? 0.6 : 1 }}>
            <Text fz={28} fw={600} lh={1.1}>
              {t("check.people", { count: formatNumber(data.audience) as unknown as number })}
            </Text>
            <Text size="sm">{t(`check.${data.reason.code}`, data.reason)}</Text>
            <List size="sm" c="dimmed" listStyleType="none">
              {data.windows.map((one) => (
                <List.Item key={one.until}>
                  {t("check.until")} {formatDay(one.until)}:{" "}
                  {t("check.of", { acted: formatNumber(one.acted), people: formatNumber(one.people) })}
                </List.Item>
              ))}
            </List>
          </Stack>
        ) : (
          <Skeleton h={120} />
        )}
      </Stack>
    </Card>
  );
}
