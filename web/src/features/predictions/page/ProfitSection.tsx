import { Button, Card, Group, NumberInput, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { type ApiProblem, api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import { ErrorNote } from "@/ui/ErrorNote";
import type { Page } from "../api";
import { usePredictionWords } from "../words";
import { type Profit, profitChart } from "./charts";

interface Answer {
  points: Profit[];
  best: { people: number; profit: number; from_score: number | null };
}

const whole = (n: number) => formatNumber(n, { maximumFractionDigits: 0 });

/** How many are worth reaching, for a margin and a cost. */
export function ProfitSection({ page, onRange }: { page: Page; onRange: (range: [number, number]) => void }) {
  const t = usePredictionWords();
  const [margin, setMargin] = useState(20);
  const [cost, setCost] = useState(1);
  const [asked] = useDebouncedValue({ margin, cost }, 250);
  const answer = useQuery<Answer, ApiProblem>({
    queryKey: ["predictions", page.id, "profit", page.scored_at, asked],
    queryFn: ({ signal }) => api<Answer>("GET", `/api/v1/predictions/${page.id}/profit`, { query: asked, signal }),
    enabled: asked.margin > 0 && asked.cost >= 0,
    placeholderData: keepPreviousData,
  });
  const told = answer.data;
  const draw = useCallback(
    (colors: ChartColors) => profitChart(colors, told?.points ?? [], told?.best ?? { people: 0, profit: 0 }, t),
    [told, t],
  );
  const typed = (set: (n: number) => void) => (value: number | string) => typeof value === "number" && set(value);
  const { people, profit, from_score: from } = told?.best ?? { people: 0, profit: 0, from_score: null };
  const last = told?.points.at(-1);
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Text size="sm" c="dimmed" maw={680}>
          {t("profit.help")}
        </Text>
        <Group align="flex-end">
          <NumberInput
            label={t("profit.margin")}
            value={margin}
            onChange={typed(setMargin)}
            min={0.01}
            decimalScale={2}
            w={220}
          />
          <NumberInput
            label={t("profit.cost")}
            value={cost}
            onChange={typed(setCost)}
            min={0}
            decimalScale={2}
            w={220}
          />
        </Group>
        {answer.error ? <ErrorNote error={answer.error} /> : null}
        {told && last ? (
          <>
            <Group justify="space-between" aria-live="polite">
              <div>
                <Text fw={600}>
                  {people && from !== null
                    ? t("profit.best", { people: whole(people), score: whole(Math.ceil(from)), profit: whole(profit) })
                    : t("profit.best_none")}
                </Text>
                <Text size="sm" c="dimmed">
                  {t("profit.all", { people: whole(last.people), profit: whole(last.profit) })}
                </Text>
              </div>
              {people && from !== null ? (
                <Button variant="default" onClick={() => onRange([Math.min(100, Math.ceil(from)), 100])}>
                  {t("profit.select")}
                </Button>
              ) : null}
            </Group>
            <Chart build={draw} label={t("profit.chart")} height={300} />
          </>
        ) : (
          <Skeleton h={300} />
        )}
      </Stack>
    </Card>
  );
}
