import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { Walked } from "../data/tests";
import type { Journey } from "../graph/definition";
import { sayStep } from "../steps/kinds";
import { useStepWords } from "../words";
import { CoverageBar } from "./CoverageBar";

/** What came of sending a tester along every path. */
export function Walk({ walk, journey, close }: { walk: Walked; journey: Journey; close: () => void }) {
  const t = useStepWords();
  const astray = walk.paths.filter((path) => !path.as_planned).length;
  return (
    <Stack p="md" gap="md">
      <Group justify="space-between">
        <Text fw={600}>{t("test.walked", { count: walk.paths.length })}</Text>
        <Button size="compact-sm" variant="default" onClick={close}>
          {t("test.back")}
        </Button>
      </Group>
      <CoverageBar coverage={walk.coverage} />
      <Text size="sm" c={astray ? "var(--mantine-color-error)" : "dimmed"}>
        {astray ? t("test.astray", { count: astray }) : t("test.allPlanned")}
      </Text>
      {walk.paths.map((path) => (
        <Paper key={path.tester} withBorder p="sm" radius="md">
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {path.as_planned ? (
              <IconCircleCheck size={18} color="light-dark(#1f7a3f, #6fcf8f)" />
            ) : (
              <IconCircleX size={18} color="var(--mantine-color-error)" />
            )}
            <div>
              <Text size="sm">
                {path.went.map((step) => sayStep(journey, step, t)).join(" → ") || t("test.notEntered")}
              </Text>
              <Group gap={4} mt={4}>
                {path.messages.map((message) => (
                  <Badge
                    key={`${message.step} ${message.channel}`}
                    variant="light"
                    color={message.status === "sent" ? "green" : "yellow"}
                  >
                    {sayStep(journey, message.step, t)}
                  </Badge>
                ))}
                {!path.messages.length && (
                  <Text size="xs" c="dimmed">
                    {t("test.noMessage")}
                  </Text>
                )}
              </Group>
            </div>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}
