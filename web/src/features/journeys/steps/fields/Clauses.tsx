import { ActionIcon, Autocomplete, Button, Group, Select, Stack, TagsInput, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useProperties } from "../../data/choices";
import { type Fields, itemsOf, type Json, withField } from "../../graph/definition";
import { useJourneyWords } from "../../words";
import { DurationField } from "./DurationField";
import { ValueField } from "./ValueField";

const NONE = ["is_set", "is_not_set", "is_true", "is_false"];
const SEVERAL = ["in", "not_in", "between"];
const LENGTHS = ["within_last", "within_next", "more_than_ago", "anniversary_within"];
const OPERATORS = [
  "eq",
  "ne",
  "in",
  "not_in",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "matches",
  "is_set",
  "is_not_set",
  "is_true",
  "is_false",
  "before",
  "after",
  "within_last",
  "within_next",
  "more_than_ago",
  "anniversary_within",
];

function firstValue(op: string, value: Json | undefined): Json | undefined {
  if (NONE.includes(op)) return undefined;
  if (SEVERAL.includes(op)) return Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
  if (LENGTHS.includes(op)) return "7d";
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
}

/** Numbers as such where all are: `["1", "2"]` typed becomes `[1, 2]` when it was numbers before, or there was nothing. */
function readTags(tags: string[], before: Json | undefined): Json {
  const texts = Array.isArray(before) && before.some((one) => typeof one === "string");
  return tags.map((tag) => (!texts && tag.trim() !== "" && !Number.isNaN(Number(tag)) ? Number(tag) : tag));
}

function Operand({ clause, change }: { clause: Fields; change: (value: Json) => void }) {
  const t = useJourneyWords();
  const op = String(clause.op);
  if (NONE.includes(op)) return null;
  if (LENGTHS.includes(op))
    return <DurationField label={t("field.length")} value={clause.value} change={(next) => change(next ?? "")} />;
  if (SEVERAL.includes(op)) {
    const values = Array.isArray(clause.value) ? clause.value : [];
    return (
      <TagsInput
        aria-label={t("field.values")}
        placeholder={t("field.valuesHint")}
        value={values.map(String)}
        onChange={(tags) => change(readTags(tags, clause.value))}
      />
    );
  }
  return <ValueField label={t("field.value")} value={clause.value} change={change} />;
}

/** The filters over an event's properties: all of them must hold. */
export function Clauses({
  event,
  value,
  change,
}: {
  event: string;
  value: Json | undefined;
  change: (where: Fields[] | undefined) => void;
}) {
  const t = useJourneyWords();
  const known = useProperties(event);
  const clauses = itemsOf(value);
  const put = (n: number, clause: Fields) => change(clauses.map((one, place) => (place === n ? clause : one)));
  return (
    <Stack gap="xs">
      {clauses.map((clause, n) => (        <Stack
          // biome-ignore lint/suspicious/noArrayIndexKey: filters have no name; their place is what they are
          key={n}
          gap={4}
          p="xs"
          bd="1px solid var(--mantine-color-default-border)"
          style={{ borderRadius: "var(--mantine-radius-md)" }}
        >
          <Group gap={4} wrap="nowrap">
            <Autocomplete
              flex={1}
              aria-label={t("field.property")}
              placeholder={t("field.property")}
              data={known}
              value={String(clause.path ?? "")}
              onChange={(path) => put(n, { ...clause, path })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("field.removeFilter")}
              onClick={() => change(clauses.length > 1 ? clauses.filter((_, place) => place !== n) : undefined)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
          <Select
            aria-label={t("field.operator")}
            allowDeselect={false}
            searchable
            value={String(clause.op)}
            data={OPERATORS.map((op) => ({ value: op, label: t(`operator.${op}`) }))}
            onChange={(op) => op && put(n, withField({ ...clause, op }, "value", firstValue(op, clause.value)))}
          />
          <Operand clause={clause} change={(next) => put(n, { ...clause, value: next })} />
        </Stack>
      ))}
      {clauses.length > 1 && (
        <Text size="xs" c="dimmed">
          {t("field.allHold")}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => change([...clauses, { path: "", op: "eq", value: "" }])}
        style={{ alignSelf: "flex-start" }}
      >
        {t("field.addFilter")}
      </Button>
    </Stack>
  );
}
