import { ActionIcon, Autocomplete, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { usePropertyPaths, useValues } from "@/lib/suggestions";
import { usePredictionWords } from "../words";
import type { Filter } from "./form";

const OPS = ["eq", "ne", "gt", "gte", "lt", "lte", "contains"];

function Row({
  event,
  paths,
  one,
  onChange,
  onRemove,
}: {
  event: string;
  paths: string[];
  one: Filter;
  onChange: (one: Filter) => void;
  onRemove: () => void;
}) {
  const t = usePredictionWords();
  const values = useValues(event, one.path, one.value).map(String);
  return (
    <Group gap="xs" wrap="nowrap" align="flex-end">
      <Autocomplete
        flex={2}
        aria-label={t("make.property")}
        placeholder={t("make.property")}
        data={paths}
        value={one.path}
        onChange={(path) => onChange({ ...one, path })}
      />
      <Select
        flex={1}
        miw={110}
        aria-label={t("make.where")}
        data={OPS.map((op) => ({ value: op, label: t(`make.op.${op}`) }))}
        value={one.op}
        onChange={(op) => onChange({ ...one, op: op ?? "eq" })}
        allowDeselect={false}
      />
      <Autocomplete
        flex={2}
        aria-label={t("make.value")}
        placeholder={t("make.value")}
        data={[...new Set(values)]}
        value={one.value}
        onChange={(value) => onChange({ ...one, value })}
      />
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={onRemove} aria-label={t("make.remove")}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}

/** Clauses on the properties of the event that is foretold. */
export function FilterRows({
  event,
  filters,
  onFilters,
}: {
  event: string;
  filters: Filter[];
  onFilters: (filters: Filter[]) => void;
}) {
  const t = usePredictionWords();
  const paths = usePropertyPaths(event).map((one) => one.path);
  return (
    <Stack gap="xs">
      {filters.length ? (
        <Text size="sm" fw={500}>
          {t("make.where")}
        </Text>
      ) : null}
      {filters.map((one) => (
        <Row
          key={one.key}
          event={event}
          paths={paths}
          one={one}
          onChange={(next) => onFilters(filters.map((f) => (f.key === one.key ? next : f)))}
          onRemove={() => onFilters(filters.filter((f) => f.key !== one.key))}
        />
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() =>
          onFilters([...filters, { key: crypto.randomUUID?.() ?? String(Date.now()), path: "", op: "eq", value: "" }])
        }
      >
        {t("make.add_filter")}
      </Button>
    </Stack>
  );
}
