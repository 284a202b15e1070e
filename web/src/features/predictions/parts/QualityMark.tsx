import { Group, Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import type { QualityLabel } from "../api";
import { usePredictionWords } from "../words";
import classes from "./QualityMark.module.css";

const STEPS: QualityLabel[] = ["poor", "fair", "good", "excellent"];

/** The word for a quality, four small steps beside it, and the figure. */
export function QualityMark({ label, quality }: { label: QualityLabel; quality: number | null | undefined }) {
  const t = usePredictionWords();
  const reached = STEPS.indexOf(label);
  return (
    <Group gap={8} wrap="nowrap">
      <span className={classes.steps} aria-hidden>
        {STEPS.map((step, i) => (
          <span key={step} className={classes.step} data-reached={i <= reached || undefined} />
        ))}
      </span>
      <Text size="sm">{t(`quality.${label}`)}</Text>
      {typeof quality === "number" ? (
        <Text size="sm" c="dimmed">
          {formatNumber(quality, { maximumFractionDigits: 0 })}
        </Text>
      ) : null}
    </Group>
  );
}
