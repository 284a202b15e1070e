import { Autocomplete, type AutocompleteProps, NumberInput, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./conditions.module.css";

/** Small inputs that stand in a sentence: their label is for screen readers, their place tells the rest. */

interface Common {
  label: string;
  width?: number;
  error?: boolean;
}

export function Word({ children }: { children: ReactNode }) {
  return <span className={classes.word}>{children}</span>;
}

export function PickField({
  label,
  value,
  data,
  onChange,
  width = 160,
  error = false,
  searchable = false,
}: Common & {
  value: string;
  data: readonly (
    | string
    | { value: string; label: string }
    | { group: string; items: { value: string; label: string }[] }
  )[];
  onChange: (value: string) => void;
  searchable?: boolean;
}) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      size="xs"
      w={width}
      maw="100%"
      value={value}
      data={data as never}
      error={error}
      searchable={searchable}
      allowDeselect={false}
      checkIconPosition="right"
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      onChange={(next) => next !== null && onChange(next)}
    />
  );
}

export function SuggestField({
  label,
  value,
  data,
  onChange,
  onSearch,
  renderOption,
  width = 190,
  error = false,
}: Common & {
  value: string;
  data: string[];
  onChange: (value: string) => void;
  onSearch?: (text: string) => void;
  renderOption?: AutocompleteProps["renderOption"];
}) {
  return (
    <Autocomplete
      aria-label={label}
      placeholder={label}
      size="xs"
      w={width}
      maw="100%"
      value={value}
      data={[...new Set(data)]}
      error={error}
      limit={40}
      {...(renderOption ? { renderOption } : {})}
      maxDropdownHeight={280}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      onChange={(next) => {
        onChange(next);
        onSearch?.(next);
      }}
    />
  );
}

export function NumberField({
  label,
  value,
  onChange,
  onClear,
  width = 84,
  min,
  max,
  decimals = 6,
  error = false,
  suffix,
}: Common & {
  value: number | undefined;
  onChange: (value: number) => void;
  /** What an emptied field means; without it, it means nothing. */
  onClear?: () => void;
  min?: number;
  max?: number;
  decimals?: number;
  suffix?: string;
}) {
  return (
    <NumberInput
      aria-label={label}
      placeholder={label}
      size="xs"
      w={width}
      hideControls
      value={value ?? ""}
      decimalScale={decimals}
      error={error}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      {...(suffix === undefined ? {} : { suffix })}
      onChange={(next) => (next === "" ? onClear?.() : onChange(Number(next)))}
    />
  );
}

export function DayField({
  label,
  value,
  onChange,
  error = false,
}: Common & { value: string; onChange: (value: string) => void }) {
  const withTime = value.length > 10;
  return (
    <TextInput
      aria-label={label}
      size="xs"
      w={withTime ? 190 : 150}
      type={withTime ? "text" : "date"}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
