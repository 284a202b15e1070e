import { Group } from "@mantine/core";
import { parseLength, UNITS, type Unit, writeLength } from "@/lib/conditions/length";
import { NumberField, PickField } from "./Field";
import { useBuilderWords } from "./words";

/** A length of time: a number and its unit. */
export function LengthField({
  value,
  onChange,
  error = false,
}: {
  value: unknown;
  onChange: (value: string) => void;
  error?: boolean;
}) {
  const t = useBuilderWords();
  const length = parseLength(value) ?? { n: 1, unit: "d" as Unit };
  const units = length.unit === "s" ? ["s" as Unit, ...UNITS] : UNITS;
  return (
    <Group gap={4} wrap="nowrap">
      <NumberField
        label={t("length")}
        width={56}
        min={0}
        decimals={0}
        value={length.n}
        error={error}
        onChange={(n) => onChange(writeLength({ ...length, n }))}
      />
      <PickField
        label={t("unit")}
        width={96}
        value={length.unit}
        data={units.map((unit) => ({ value: unit, label: t(`units.${unit}`) }))}
        onChange={(unit) => onChange(writeLength({ ...length, unit: unit as Unit }))}
      />
    </Group>
  );
}
