import { Box, Card, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  label: string;
  value: ReactNode;
  /** Beneath: what it is compared with, of how many it is. */
  note?: ReactNode;
  /** At the right: a Sparkline or an icon. */
  aside?: ReactNode;
}

/** One figure with its name. Put several in a SimpleGrid. */
export function StatTile({ label, value, note, aside }: Props) {
  return (
    <Card>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fz="sm" c="dimmed">
            {label}
          </Text>
          <Text fz="xl" fw={600} lh={1.3}>
            {value}
          </Text>
          {note && (
            <Text fz="xs" c="dimmed" mt={2}>
              {note}
            </Text>
          )}
        </div>
        {aside && <Box visibleFrom="sm">{aside}</Box>}
      </Group>
    </Card>
  );
}
