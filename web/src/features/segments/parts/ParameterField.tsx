import { Autocomplete, Group, Input, NumberInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import i18next from "i18next";
import { useEventNames, useGroups } from "@/lib/suggestions";
import { LengthField } from "@/ui/conditions/LengthField";
import { useSegmentWords } from "../words";

export interface Parameter {
  name: string;
  kind: "length" | "whole" | "number" | "choice" | "truth" | "event" | "path" | "group" | "text" | "texts" | "day";
  required: boolean;
  default?: unknown;
  example?: unknown;
  least?: unknown;
  most?: unknown;
  options?: string[];
  about: { en: string; fr: string };
}

function readable(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One thing that a template lets somebody set, with the input of its kind. */
export function ParameterField({
  parameter,
  value,
  onChange,
}: {
  parameter: Parameter;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const t = useSegmentWords();
  const events = useEventNames();
  const groups = useGroups();
  const about = i18next.language === "fr" ? parameter.about.fr : parameter.about.en;
  const named = (option: string) => {
    if (option === "any") return t("anything");
    const told = ["channel", "option"].map((of) => [`${of}.${option}`, t(`${of}.${option}`)] as const);
    return told.find(([key, said]) => key !== said)?.[1] ?? readable(option);
  };
  const label = about.replace(/`([^`]+)`/g, (_, option: string) => `“${named(option)}”`);
  const common = { label, size: "sm" as const, labelProps: { fw: 400 } };
  switch (parameter.kind) {
    case "length":
      return (
        <Input.Wrapper {...common} labelElement="div">
          <Group gap="xs" mt={4}>
            <LengthField value={value} onChange={onChange} />
          </Group>
        </Input.Wrapper>
      );
    case "whole":
    case "number":
      return (
        <NumberInput
          {...common}
          value={value as number}
          allowDecimal={parameter.kind === "number"}
          {...(typeof parameter.least === "number" ? { min: parameter.least } : {})}
          {...(typeof parameter.most === "number" ? { max: parameter.most } : {})}
          onChange={(next) => next !== "" && onChange(Number(next))}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          value={String(value)}
          allowDeselect={false}
          data={(parameter.options ?? []).map((option) => ({ value: option, label: named(option) }))}
          onChange={onChange}
        />
      );
    case "truth":
      return (
        <Switch label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case "event":
      return <Autocomplete {...common} value={String(value ?? "")} data={events} onChange={onChange} />;
    case "group":
      return <Autocomplete {...common} value={String(value ?? "")} data={groups} onChange={onChange} />;
    case "texts":
      return (
        <TagsInput {...common} value={(value as string[] | undefined) ?? []} onChange={onChange} acceptValueOnBlur />
      );
    default:
      return (
        <TextInput
          {...common}
          type={parameter.kind === "day" ? "date" : "text"}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
