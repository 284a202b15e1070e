import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Clause, Scalar } from "@/lib/conditions/condition";
import { isNumeric, valueKind } from "@/lib/conditions/operators";
import { useValues } from "@/lib/suggestions";
import { DayField, NumberField, PickField, SuggestField, Word } from "./Field";
import { LengthField } from "./LengthField";
import { useBuilderWords } from "./words";

interface Props {
  clause: Clause;
  event: string | null;
  types: readonly string[];
  onChange: (value: unknown) => void;
}

type Typed = "text" | "number" | "truth";

function typeOfValue(value: unknown, types: readonly string[]): Typed {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "truth";
  if (value === "" || value === undefined) {
    if (isNumeric(types)) return "number";
    if (types.length > 0 && types.every((type) => type === "boolean")) return "truth";
  }
  return "text";
}

/** One value, of the type that the data has there; another type may be chosen, for "30" is not 30. */
function ScalarField({ clause, event, types, onChange }: Props) {
  const t = useBuilderWords();
  const [search, setSearch] = useState("");
  const [text] = useDebouncedValue(search, 200);
  const found = useValues(event, clause.path ?? "", text);
  const typed = typeOfValue(clause.value, types);
  const sure = types.length > 0 && (typed === "number") === isNumeric(types) && typed !== "truth";
  const change = (next: Typed) =>
    onChange(next === "number" ? Number(clause.value) || 0 : next === "truth" ? true : String(clause.value ?? ""));
  return (
    <>
      {!sure && valueKind(clause.op ?? "eq") !== "text" && (
        <PickField
          label={t("value_type")}
          width={96}
          value={typed}
          data={(["text", "number", "truth"] as const).map((value) => ({ value, label: t(`type_${value}`) }))}
          onChange={(next) => change(next as Typed)}
        />
      )}
      {typed === "number" && (
        <NumberField label={t("value")} width={110} value={clause.value as number} onChange={onChange} />
      )}
      {typed === "truth" && (
        <PickField
          label={t("value")}
          width={90}
          value={String(clause.value ?? true)}
          data={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          onChange={(next) => onChange(next === "true")}
        />
      )}
      {typed === "text" && (
        <SuggestField
          label={t("value")}
          value={String(clause.value ?? "")}
          data={found.filter((value) => typeof value === "string")}
          onChange={onChange}
          onSearch={setSearch}
        />
      )}
    </>
  );
}

function ListField({ clause, event, types, onChange }: Props) {
  const t = useBuilderWords();
  const [search, setSearch] = useState("");
  const [text] = useDebouncedValue(search, 200);
  const found = useValues(event, clause.path ?? "", text);
  const values = (Array.isArray(clause.value) ? clause.value : []) as Scalar[];
  const numeric = values.length > 0 ? values.every((value) => typeof value === "number") : isNumeric(types);
  const was = new Map(values.map((value) => [String(value), value]));
  const read = (tag: string): Scalar =>
    was.get(tag) ?? (numeric && tag.trim() !== "" && !Number.isNaN(Number(tag)) ? Number(tag) : tag);
  return (
    <TagsInput
      aria-label={t("values")}
      placeholder={values.length === 0 ? t("add_value") : ""}
      size="xs"
      miw={220}
      maw="100%"
      flex={1}
      value={values.map(String)}
      data={[...new Set(found.map(String))]}
      searchValue={search}
      onSearchChange={setSearch}
      acceptValueOnBlur
      onChange={(tags) => onChange(tags.map(read))}
    />
  );
}

/** What an operator compares with. */
export function ValueField(props: Props) {
  const t = useBuilderWords();
  const { clause, onChange } = props;
  switch (valueKind(clause.op ?? "eq")) {
    case "none":
      return null;
    case "list":
      return <ListField {...props} />;
    case "length":
      return <LengthField value={clause.value} onChange={onChange} />;
    case "instant":
      return <DayField label={t("value")} value={String(clause.value ?? "")} onChange={onChange} />;
    case "pair": {
      const [low, high] = (Array.isArray(clause.value) ? clause.value : []) as Scalar[];
      const field = (label: string, value: Scalar | undefined, set: (next: Scalar) => void) =>
        typeof value === "string" ? (
          <SuggestField label={label} value={value} data={[]} width={120} onChange={set} />
        ) : (
          <NumberField label={label} value={value as number} onChange={set} />
        );
      return (
        <>
          {field(t("lower"), low, (next) => onChange([next, high]))}
          <Word>{t("all_short")}</Word>
          {field(t("upper"), high, (next) => onChange([low, next]))}
        </>
      );
    }
    default:
      return <ScalarField {...props} />;
  }
}
