import { Card, Grid, Group, List, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useCallback } from "react";
import { formatDay, formatNumber, formatShare } from "@/lib/format";
import { Chart, type ChartColors } from "@/ui/Chart";
import type { Page } from "../api";
import { QualityMark } from "../parts/QualityMark";
import { usePredictionWords } from "../words";
import { calibrationChart, liftChart } from "./charts";
import { describeFactor } from "./factor";

const digits = (n: number) => formatNumber(n, { maximumFractionDigits: 3 });

function Figure({ name, help, value }: { name: string; help: string; value: number | null | undefined }) {
  if (typeof value !== "number") return null;
  return (
    <div>
      <Text size="sm">{name}</Text>
      <Text fz="xl" fw={600}>
        {digits(value)}
      </Text>
      <Text size="xs" c="dimmed">
        {help}
      </Text>
    </div>
  );
}

/** How good it is, in plain words first; the figures and the curves behind them. */
export function QualitySection({ page }: { page: Page }) {
  const t = usePredictionWords();
  const { calibration, lift, features } = page;
  const drawCalibration = useCallback(
    (colors: ChartColors) => calibrationChart(colors, calibration ?? [], t),
    [calibration, t],
  );
  const drawLift = useCallback((colors: ChartColors) => liftChart(colors, lift ?? [], t), [lift, t]);
  const best = page.lift_by_decile?.[0];
  return (
    <Stack gap="lg">
      <Card withBorder padding="lg">
        {page.quality_label ? (
          <Stack gap="md">
            <Group gap="xl" align="center">
              <QualityMark label={page.quality_label} quality={page.quality} />
              {page.use ? (
                <Text size="sm" c="dimmed">
                  {t(`measured.${page.use}`)}
                </Text>
              ) : null}
            </Group>
            <Text maw={680}>
              {t(`measured.${page.quality_label}`)}{" "}
              {page.auc && page.auc_interval
                ? t("measured.auc", {
                    share: formatShare(page.auc, 0),
                    low: formatShare(page.auc_interval[0], 0),
                    high: formatShare(page.auc_interval[1], 0),
                  })
                : null}
            </Text>
            {page.measured_at ? (
              <Text size="sm" c="dimmed">
                {t("measured.at", { date: formatDay(page.measured_at) })}
              </Text>
            ) : null}
            <SimpleGrid cols={{ base: 2, sm: 4 }}>
              <Figure name={t("measured.auc_name")} help={t("measured.auc_help")} value={page.auc} />
              <Figure name={t("measured.ap")} help={t("measured.ap_help")} value={page.average_precision} />
              <Figure name={t("measured.brier")} help={t("measured.brier_help")} value={page.brier} />
              <Figure name={t("measured.ece")} help={t("measured.ece_help")} value={page.ece} />
            </SimpleGrid>
          </Stack>
        ) : (
          <Text>{t("measured.none")}</Text>
        )}
      </Card>
      <Grid gap="lg">
        {calibration?.length ? (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Card withBorder padding="lg">
              <Title order={3} size="h5">
                {t("measured.calibration")}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {t("measured.calibration_help")}
              </Text>
              <Chart build={drawCalibration} label={t("measured.calibration")} height={280} />
            </Card>
          </Grid.Col>
        ) : null}
        {lift?.length ? (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Card withBorder padding="lg">
              <Title order={3} size="h5">
                {t("measured.lift")}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {t("measured.lift_help")}{" "}
                {typeof best === "number"
                  ? t("measured.best_tenth", { times: formatNumber(best, { maximumFractionDigits: 1 }) })
                  : null}
              </Text>
              <Chart build={drawLift} label={t("measured.lift")} height={280} />
            </Card>
          </Grid.Col>
        ) : null}
      </Grid>
      {features?.weightiest.length ? (
        <Card withBorder padding="lg">
          <Title order={3} size="h5">
            {t("measured.features")}
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {t("measured.features_of", { count: features.count })}
          </Text>
          <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="sm" spacing="xl">
            {features.weightiest.slice(0, 10).map((one) => (
              <Stack key={one.feature} gap={4}>
                <Group justify="space-between" wrap="nowrap">
                  <Text size="sm" truncate title={one.feature}>
                    {describeFactor(t, one.feature)}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {formatShare(one.share, 0)}
                  </Text>
                </Group>
                <Progress value={100 * one.share} size="xs" aria-label={one.feature} />
              </Stack>
            ))}
          </SimpleGrid>
        </Card>
      ) : null}
      {page.notes?.length ? (
        <Card withBorder padding="lg">
          <Title order={3} size="h5" mb="xs">
            {t("measured.notes")}
          </Title>
          <List size="sm">
            {page.notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Card>
      ) : null}
    </Stack>
  );
}
