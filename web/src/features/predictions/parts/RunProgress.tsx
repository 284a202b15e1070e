import { Group, Progress, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatShare } from "@/lib/format";
import type { Run } from "../api";
import { usePredictionWords } from "../words";

/** How far a build or a scoring is. */
export function RunProgress({ run, action }: { run: Run; action?: ReactNode }) {
  const t = usePredictionWords();
  const stage = t(`stage.${run.state === "waiting" || !run.stage ? "waiting" : run.stage}`);
  return (
    <Stack gap={6} role="status">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{stage}</Text>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {formatShare(run.percent / 100, 0)}
          </Text>
          {action}
        </Group>
      </Group>
      <Progress value={Math.max(run.percent, 1)} size="sm" aria-label={stage} animated />
    </Stack>
  );
}
