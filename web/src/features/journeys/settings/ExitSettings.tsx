import { ActionIcon, Button, Group, MultiSelect, Paper, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useSegments } from "../data/choices";
import { type Fields, itemsOf, type Json } from "../graph/definition";
import { Signal } from "../steps/fields/Signal";
import { useJourneyWords } from "../words";
import type { SettingsProps } from "./model";

export function ExitSettings({ journey, change, faults }: SettingsProps) {
  const t = useJourneyWords();
  const exits = itemsOf(journey.exit_on as Json | undefined);
  const put = (next: Fields[], tag?: string) =>
    change({ exit_on: next.length ? next : undefined }, tag && `exit ${tag}`);
  const excluded = itemsOf(journey.exclude as Json | undefined).map((one) => String(one.segment));
  const segments = useSegments();
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("settings.exit.hint")}
      </Text>
      {exits.map((exit, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exits have no name; their place is what they are
        <Paper key={n} withBorder p="sm" radius="md">
          <Group justify="flex-end" mb={4}>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("settings.exit.remove", { n: n + 1 })}
              onClick={() => put(exits.filter((_, place) => place !== n))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
          <Signal
            value={exit}
            change={(next, tag) =>
              put(
                exits.map((one, place) => (place === n ? next : one)),
                tag && `${n} ${tag}`,
              )
            }
            error={faults.get(`exit_on/${n}/event`) ?? faults.get(`exit_on/${n}`)}
          />
        </Paper>
      ))}
      <Button
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => put([...exits, { event: "" }])}
      >
        {t("settings.exit.add")}
      </Button>
      <MultiSelect
        label={t("settings.exclude.label")}
        description={t("settings.exclude.hint")}
        searchable
        clearable
        value={excluded}
        data={[
          ...segments,
          ...excluded
            .filter((one) => !segments.some((known) => known.value === one))
            .map((one) => ({ value: one, label: one })),
        ]}
        onChange={(names) => change({ exclude: names.length ? names.map((segment) => ({ segment })) : undefined })}
        error={faults.get("exclude")}
      />
    </Stack>
  );
}
