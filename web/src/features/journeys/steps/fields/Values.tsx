import { ActionIcon, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type Fields, isFields, type Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";
import { ValueField } from "./ValueField";

/** Names with their values. */
export function Values({
  value,
  change,
  add,
}: {
  value: Json | undefined;
  change: (values: Fields | undefined) => void;
  add: string;
}) {
  const t = useJourneyWords();
  const pairs = Object.entries(isFields(value) ? value : {});
  const put = (next: [string, Json][]) => change(next.length ? Object.fromEntries(next) : undefined);
  return (
    <Stack gap="xs">
      {pairs.map(([name, held], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
        <Group key={n} gap={4} wrap="nowrap">
          <TextInput
            w={120}
            aria-label={t("field.name")}
            value={name}
            onChange={(e) => put(pairs.map((one, place) => (place === n ? [e.currentTarget.value, held] : one)))}
          />
          <ValueField
            label={t("field.valueOf", { name })}
            value={held}
            change={(next) => put(pairs.map((one, place) => (place === n ? [name, next] : one)))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("field.remove", { name })}
            onClick={() => put(pairs.filter((_, place) => place !== n))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => put([...pairs, [`${t("field.newName")}${pairs.length + 1}`, ""]])}
      >
        {add}
      </Button>
    </Stack>
  );
}
