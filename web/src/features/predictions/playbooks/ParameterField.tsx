import { Autocomplete, Group, Input, NumberInput, Select, TextInput } from "@mantine/core";
import { useEventNames, useGroups } from "@/lib/suggestions";
import { LengthField } from "@/ui/conditions/LengthField";
import { usePredictions } from "../api";
import { usePredictionWords } from "../words";
import { type Parameter, told } from "./api";

interface Props {
  parameter: Parameter;
  value: string | number | undefined;
  error: string | undefined;
  onChange: (value: string | number) => void;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The predictions whose scores may be used; the others are shown with why not. */
function PredictionField({ label, value, error, onChange }: Omit<Props, "parameter"> & { label: string }) {
  const t = usePredictionWords();
  const items = usePredictions().data?.items ?? [];
  return (
    <Select
      label={label}
      required
      searchable
      placeholder={t("playbook.choose")}
      value={value === undefined ? null : String(value)}
      error={error}
      data={items.map((one) => ({
        value: one.id,
        label: one.targetable ? one.name : `${one.name} (${t(`state.${one.state}`)})`,
        disabled: !one.targetable,
      }))}
      onChange={(next) => next !== null && onChange(next)}
    />
  );
}

/** One thing that a playbook lets somebody set, with the input of its kind. */
export function ParameterField({ parameter, value, error, onChange }: Props) {
  const label = capital(told(parameter.about));
  const events = useEventNames();
  const groups = useGroups();
  switch (parameter.kind) {
    case "prediction":
      return <PredictionField label={label} value={value} error={error} onChange={onChange} />;
    case "whole":
    case "percent":
      return (
        <NumberInput
          label={label}
          value={value ?? ""}
          min={parameter.least}
          max={parameter.most}
          allowDecimal={false}
          suffix={parameter.kind === "percent" ? " %" : ""}
          error={error}
          onChange={(next) => next !== "" && onChange(Number(next))}
        />
      );
    case "length":
      return (
        <Input.Wrapper label={label} error={error} labelElement="div">
          <Group gap="xs" mt={4}>
            <LengthField value={value} onChange={onChange} />
          </Group>
        </Input.Wrapper>
      );
    case "event":
    case "group":
      return (
        <Autocomplete
          label={label}
          value={String(value ?? "")}
          data={parameter.kind === "event" ? events : groups}
          error={error}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          label={label}
          value={String(value ?? "")}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
