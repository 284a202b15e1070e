import { Checkbox, Group, Stack, Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import type { Category, Share } from "../api";
import { formatExpected } from "../describe";
import { usePredictionWords } from "../words";
import classes from "./CategoryPicker.module.css";
import { CATEGORIES } from "./selection";

interface Props {
  categories: Record<Category, Share>;
  chosen: Category[];
  onChosen: (chosen: Category[]) => void;
}

/** Low, medium and high, each with its people; any of them together. */
export function CategoryPicker({ categories, chosen, onChosen }: Props) {
  const t = usePredictionWords();
  const most = Math.max(...CATEGORIES.map((one) => categories[one].people), 1);
  const toggle = (one: Category, on: boolean) =>
    onChosen(CATEGORIES.filter((c) => (c === one ? on : chosen.includes(c))));
  return (
    <Stack gap="xs">
      {CATEGORIES.map((one) => {
        const { people, expected } = categories[one];
        return (
          <Checkbox.Card
            key={one}
            checked={chosen.includes(one)}
            onChange={(on) => toggle(one, on)}
            className={classes.card}
            aria-label={t(`select.${one}`)}
          >
            <Group wrap="nowrap" gap="md">
              <Checkbox.Indicator />
              <div className={classes.name}>
                <Text fw={600}>{t(`select.${one}`)}</Text>
                <Text size="xs" c="dimmed">
                  {t(`select.${one}_range`)}
                </Text>
              </div>
              <div className={classes.track}>
                <div className={classes.bar} style={{ width: `${(100 * people) / most}%` }}>
                  <div className={classes.expected} style={{ width: people ? `${(100 * expected) / people}%` : 0 }} />
                </div>
              </div>
              <div className={classes.figures}>
                <Text fw={600}>{formatNumber(people)}</Text>
                <Text size="xs" c="dimmed">
                  {t("select.bucket_expected", { expected: formatExpected(expected) })}
                </Text>
              </div>
            </Group>
          </Checkbox.Card>
        );
      })}
    </Stack>
  );
}
