import { Badge, Card, Group, SimpleGrid, Stack, Text, Title, Tooltip } from "@mantine/core";
import { formatNumber, formatShare } from "@/lib/format";
import { StatTile } from "@/ui/StatTile";
import type { Moved, Page } from "../api";
import { usePredictionWords } from "../words";
import classes from "./DriftSection.module.css";
import { describeFeature } from "./factor";

type Say = (key: string, values?: object) => string;

/** As the usual reading of a stability index has it; from the second on the server raises an alarm. */
const LITTLE = 0.1;
const FAR = 0.25;

function movedBy(index: number): "steady" | "some" | "far" {
  return index > FAR ? "far" : index > LITTLE ? "some" : "steady";
}

const COLORS = { steady: "gray", some: "yellow", far: "orange" };
const digits = (n: number) => formatNumber(n, { maximumFractionDigits: 2 });

function MovedBadge({ index }: { index: number }) {
  const t = usePredictionWords();
  const moved = movedBy(index);
  return (
    <Tooltip label={t("drift.index", { index: digits(index) })}>
      <Badge variant="light" color={COLORS[moved]} tt="none" style={{ flex: "none" }}>
        {t(`drift.${moved}`)}
      </Badge>
    </Tooltip>
  );
}

/** What the bucket at a place holds: the last has those without a value. */
function bucketOf(t: Say, moved: Moved, place: number): string {
  const { edges } = moved;
  const edge = (i: number) => digits(edges[i] ?? 0);
  if (place > edges.length) return t("drift.missing");
  if (edges.length === 0) return t("drift.from_to", { from: "–∞", to: "∞" });
  if (place === 0) return t("drift.below", { to: edge(0) });
  if (place === edges.length) return t("drift.above", { from: edge(place - 1) });
  return t("drift.from_to", { from: edge(place - 1), to: edge(place) });
}

/** Shares of people before (outlined) and now (filled), a bucket each. */
function Pair({ moved }: { moved: Moved }) {
  const t = usePredictionWords();
  const most = Math.max(...moved.before, ...moved.now, 0.01);
  const says = moved.now.map((now, i) =>
    t("drift.share", {
      bucket: bucketOf(t, moved, i),
      before: formatShare(moved.before[i] ?? 0, 0),
      now: formatShare(now, 0),
    }),
  );
  return (
    <div className={classes.pair} role="img" aria-label={says.join("; ")}>
      {moved.now.map((now, i) => (
        <Tooltip.Floating key={says[i]} label={says[i]}>
          <span className={classes.bucket} data-missing={i > moved.edges.length || undefined}>
            <span className={classes.now} style={{ height: `${(100 * now) / most}%` }} />
            <span className={classes.before} style={{ height: `${(100 * (moved.before[i] ?? 0)) / most}%` }} />
          </span>
        </Tooltip.Floating>
      ))}
    </div>
  );
}

/** How far people, scores and outcomes are from what they were when the version was built. */
export function DriftSection({ page }: { page: Page }) {
  const t = usePredictionWords();
  const { drift } = page;
  if (!drift) return null;
  const { base_rate: base, quality } = drift;
  const auc = (n: number) => formatNumber(n, { maximumFractionDigits: 3 });
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed" maw={680}>
        {t(drift.scores === null ? "drift.once" : "drift.help")}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <StatTile
          label={t("drift.scores")}
          value={drift.scores === null ? "–" : t(`drift.${movedBy(drift.scores)}`)}
          note={drift.scores === null ? null : t("drift.index", { index: digits(drift.scores) })}
        />
        <StatTile
          label={t("drift.base")}
          value={base ? formatShare(base.last) : "–"}
          note={base ? t("drift.base_note", { before: formatShare(base.first) }) : null}
        />
        <StatTile
          label={t("drift.quality")}
          value={quality ? auc(quality.measured) : "–"}
          note={
            quality
              ? quality.promised !== null && t("drift.quality_note", { promised: auc(quality.promised) })
              : t("drift.quality_none")
          }
        />
      </SimpleGrid>
      {drift.scores === null ? null : (
        <Card withBorder padding="lg">
          <Group justify="space-between" mb="md">
            <Title order={3} size="h5">
              {t("drift.features")}
            </Title>
            <Group gap="lg">
              <Text size="xs" c="dimmed">
                <span className={classes.legend} data-before /> {t("drift.before")}
              </Text>
              <Text size="xs" c="dimmed">
                <span className={classes.legend} /> {t("drift.now")}
              </Text>
            </Group>
          </Group>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="lg">
            {drift.features.map((moved) => (
              <div key={moved.feature}>
                <Group justify="space-between" wrap="nowrap" mb={6}>
                  <Text size="sm" lineClamp={2} title={moved.feature}>
                    {describeFeature(t, moved.feature)}
                  </Text>
                  <MovedBadge index={moved.index} />
                </Group>
                <Pair moved={moved} />
              </div>
            ))}
          </SimpleGrid>
          {drift.features.length ? null : (
            <Text size="sm" c="dimmed">
              {t("drift.features_none")}
            </Text>
          )}
        </Card>
      )}
    </Stack>
  );
}
