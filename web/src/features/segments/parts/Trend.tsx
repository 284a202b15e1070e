import { Group, Skeleton, Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import { Sparkline } from "@/ui/Sparkline";
import type { SizePoint } from "../data";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";

const WEEK = 7;

/** The last weeks of a segment as a line, and what a week changed. */
export function Trend({ points, isPending }: { points: SizePoint[] | undefined; isPending: boolean }) {
  const t = useSegmentWords();
  if (!points) return isPending ? <Skeleton h={28} w={96} /> : null;
  const first = points.findIndex((point) => point.members > 0);
  const shown = first < 0 ? points : points.slice(Math.max(0, first - 1));
  const last = points.at(-1)?.members ?? 0;
  const before = points.at(-1 - WEEK)?.members ?? 0;
  const change = last - before;
  return (
    <Group gap="sm" wrap="nowrap">
      <Sparkline values={shown.map((point) => point.members)} />
      <Text size="xs" c="dimmed" className={classes.figures} title={t("week_change")}>
        {formatNumber(change, { signDisplay: "exceptZero" })}
        <span className={classes.hidden}> {t("week_change")}</span>
      </Text>
    </Group>
  );
}
