import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { formatNumber, formatShare } from "@/lib/format";
import type { Page } from "../api";
import { usePredictionWords } from "../words";

/** A large amount is told whole, a small one to the hundredth. */
export function formatAmount(n: number): string {
  return formatNumber(n, { maximumFractionDigits: Math.abs(n) < 100 ? 2 : 0 });
}

/** How the amounts that are expected are spread, and how such were foretold before. */
export function AmountsSection({ page }: { page: Page }) {
  const t = usePredictionWords();
  const { values } = page;
  if (!values) return null;
  const held = page.value?.holdout;
  const figures = [
    ["total", values.total],
    ["mean", values.mean],
    ["median", values.median],
    ["tenth", values.top_tenth],
    ["hundredth", values.top_hundredth],
  ] as const;
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4" mb="sm">
        {t("amounts.title")}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 5 }}>
        {figures.map(([name, n]) => (
          <div key={name}>
            <Text size="sm" c="dimmed">
              {t(`amounts.${name}`)}
            </Text>
            <Text fz="xl" fw={600}>
              {formatAmount(n)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {held ? (
        <Text size="sm" c="dimmed" mt="sm">
          {t("amounts.before", {
            predicted: formatAmount(held.predicted),
            actual: formatAmount(held.actual),
            ratio: held.ratio === null ? "–" : formatShare(held.ratio, 0),
          })}
        </Text>
      ) : null}
    </Card>
  );
}
