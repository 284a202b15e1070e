import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId } from "react";
import { parseLength, UNITS, type Unit, writeLength } from "@/lib/conditions/length";
import { useSettingsWords } from "../words";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  disabled: boolean;
  error?: string | undefined;
}

/** A length of time: a number and its unit, as definitions write it (`24h`). */
export function Duration({ label, value, onChange, disabled, error }: Props) {
  const t = useSettingsWords();
  const id = useId();
  const { n, unit } = parseLength(value) ?? { n: Number.NaN, unit: "h" as Unit };
  const units: Unit[] = unit === "s" && n > 0 ? ["s", ...UNITS] : [...UNITS];
  const shown = unit === "s" && n === 0 ? "m" : unit;
  return (
    <Input.Wrapper label={label} labelProps={{ htmlFor: id }} error={error}>
      <Group gap={6} wrap="nowrap">
        <NumberInput
          id={id}
          w={72}
          min={0}
          hideControls
          decimalScale={0}
          disabled={disabled}
          error={Boolean(error)}
          value={Number.isNaN(n) ? "" : n}
          onChange={(to) => onChange(to === "" ? shown : writeLength({ n: Number(to), unit: shown }))}
        />
        <Select
          w={120}
          aria-label={t("rules.unit")}
          allowDeselect={false}
          disabled={disabled}
          value={shown}
          data={units.map((one) => ({ value: one, label: t(`rules.units.${one}`) }))}
          onChange={(to) => onChange(Number.isNaN(n) ? String(to) : writeLength({ n, unit: to as Unit }))}
        />
      </Group>
    </Input.Wrapper>
  );
}
