import { Group, Progress, Text } from "@mantine/core";
import type { Coverage } from "../data/tests";
import { useJourneyWords } from "../words";

export function CoverageBar({ coverage }: { coverage: Coverage }) {
  const t = useJourneyWords();
  const whole = coverage.gone === coverage.ways;
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {t("test.coverage")}
        </Text>
        <Text size="sm" c="dimmed">
          {t("test.waysGone", { gone: coverage.gone, ways: coverage.ways })}
        </Text>
      </Group>
      <Progress
        mt={4}
        size="sm"
        color={whole ? "green" : ""}
        value={coverage.ways ? (coverage.gone / coverage.ways) * 100 : 0}
        aria-label={t("test.coverage")}
      />
    </div>
  );
}
