import { Group, Input, NumberInput, Select } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { Json } from "../../graph/definition";
import { parseDuration, UNITS, type Unit, writeDuration } from "../../graph/durations";
import { useJourneyWords } from "../../words";

interface Props {
  label: string;
  description?: ReactNode;
  value: Json | undefined;
  change: (value: string | undefined) => void;
  error?: string | undefined;
  /** May be left out. */
  optional?: boolean;
  signed?: boolean;
}

export function DurationField({ label, description, value, change, error, optional = false, signed = false }: Props) {
  const t = useJourneyWords();
  const id = useId();
  const found = parseDuration(value) ?? (value === undefined ? null : { amount: Number.NaN, unit: "d" as Unit });
  const unit = found?.unit ?? "d";
  return (
    <Input.Wrapper label={label} description={description} error={error} labelProps={{ htmlFor: id }}>
      <Group gap={6} wrap="nowrap" mt={4}>
        <NumberInput
          id={id}
          flex={1}
          value={found && !Number.isNaN(found.amount) ? found.amount : ""}
          {...(signed ? {} : { min: 0 })}
          decimalScale={2}
          placeholder={optional ? t("field.none") : ""}
          error={Boolean(error)}
          onChange={(amount) => {
            if (amount === "" && optional) change(undefined);
            else if (typeof amount === "number") change(writeDuration({ amount, unit }));
          }}
        />
        <Select
          w={118}
          aria-label={t("field.unit")}
          allowDeselect={false}
          value={unit}
          data={UNITS.map((one) => ({ value: one, label: t(`unit.${one}`) }))}
          onChange={(next) => next && found && change(writeDuration({ amount: found.amount || 1, unit: next as Unit }))}
        />
      </Group>
    </Input.Wrapper>
  );
}
