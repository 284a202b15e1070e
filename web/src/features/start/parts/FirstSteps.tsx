import { Badge, Button, Card, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useHomeWords } from "../words";

/** On an empty install: what to do first, each step ticked off by what is there. */
export function FirstSteps({ hasPeople, hasSegments }: { hasPeople: boolean; hasSegments: boolean }) {
  const t = useHomeWords();
  const steps = [
    { word: "source", to: "/settings/sources", isDone: hasPeople },
    { word: "segment", to: "/segments", isDone: hasSegments },
    { word: "journey", to: "/journeys", isDone: false },
  ];
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <Stack maw={760}>
      <Title order={2}>{t("startTitle")}</Title>
      <Text c="dimmed">{t("startAbout")}</Text>
      {steps.map(({ word, to, isDone }, index) => (
        <Card key={word}>
          <Group wrap="nowrap" align="flex-start">
            <ThemeIcon radius="xl" variant={isDone ? "filled" : "light"} color={isDone ? "green" : "indigo"}>
              {isDone ? <IconCheck size={16} /> : index + 1}
            </ThemeIcon>
            <Stack gap={4} flex={1}>
              <Group gap="xs">
                <Text fw={600}>{t(`steps.${word}`)}</Text>
                {isDone && <Badge color="green">{t("done")}</Badge>}
              </Group>
              <Text c="dimmed">{t(`steps.${word}Text`)}</Text>
              {!isDone && (
                <Button component={Link} to={to} variant={index === next ? "filled" : "default"} w="fit-content" mt={4}>
                  {t(`go.${word}`)}
                </Button>
              )}
            </Stack>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
