import { Card, Group, NumberInput, RangeSlider, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import type { Page } from "../api";
import { usePredictionWords } from "../words";
import { CategoryPicker } from "./CategoryPicker";
import { ScoreHistogram } from "./ScoreHistogram";
import classes from "./ScoreHistogram.module.css";
import { type Choice, withBound } from "./selection";

interface Props {
  histogram: NonNullable<Page["histogram"]>;
  choice: Choice;
  onChoice: (choice: Choice) => void;
}

const MARKS = [0, 25, 50, 75, 100].map((value) => ({ value, label: String(value) }));

/** Chooses people by their scores: a range over the histogram, or categories. */
export function ScorePicker({ histogram, choice, onChoice }: Props) {
  const t = usePredictionWords();
  const { range } = choice;
  const setRange = (chosen: [number, number]) => onChoice({ ...choice, range: chosen });
  const typed = (side: 0 | 1) => (value: number | string) => {
    if (typeof value === "number") setRange(withBound(range, side, value));
  };
  return (
    <Card withBorder padding="lg">
      <Stack gap="lg">
        <Group justify="space-between" align="flex-start" gap="md">
          <div className={classes.head}>
            <Title order={2} size="h4">
              {t("select.title")}
            </Title>
            <Text size="sm" c="dimmed">
              {t("select.hint")}
            </Text>
          </div>
          <SegmentedControl
            size="xs"
            value={choice.by}
            onChange={(by) => onChoice({ ...choice, by: by as Choice["by"] })}
            data={[
              { value: "score", label: t("select.by_score") },
              { value: "category", label: t("select.by_category") },
            ]}
          />
        </Group>
        {choice.by === "category" ? (
          <CategoryPicker
            categories={histogram.categories}
            chosen={choice.categories}
            onChosen={(categories) => onChoice({ ...choice, categories })}
          />
        ) : (
          <>
            <div>
              <ScoreHistogram buckets={histogram.buckets} range={range} onRange={setRange} />
              <RangeSlider
                value={range}
                onChange={setRange}
                min={0}
                max={100}
                minRange={0}
                label={null}
                size={4}
                thumbSize={20}
                marks={MARKS}
                mt={-2}
                mb="lg"
                thumbFromLabel={t("select.lowest")}
                thumbToLabel={t("select.highest")}
              />
            </div>
            <Group justify="space-between" align="flex-end">
              <Group gap="sm">
                <NumberInput label={t("select.from")} w={88} min={0} max={100} value={range[0]} onChange={typed(0)} />
                <NumberInput label={t("select.to")} w={88} min={0} max={100} value={range[1]} onChange={typed(1)} />
              </Group>
              <Group gap="lg">
                <Text size="xs" c="dimmed">
                  <span className={classes.legend} />
                  {t("select.legend_people")}
                </Text>
                <Text size="xs" c="dimmed">
                  <span className={classes.legend} data-expected />
                  {t("select.legend_expected")}
                </Text>
              </Group>
            </Group>
          </>
        )}
      </Stack>
    </Card>
  );
}
