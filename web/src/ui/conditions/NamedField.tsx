import { type NamedKind, useNamed } from "@/lib/suggestions";
import { PickField } from "./Field";

/** Choose one of a kind by its name; an id that is not there stays shown. */
export function NamedField({
  kind,
  label,
  value,
  onChange,
}: {
  kind: NamedKind;
  label: string;
  value: string;
  onChange: (id: string) => void;
}) {
  const choices = useNamed(kind);
  const data = choices.map(({ id, name }) => ({ value: id, label: name }));
  if (value && !choices.some((choice) => choice.id === value)) data.push({ value, label: value });
  return <PickField label={label} width={260} searchable value={value} data={data} onChange={onChange} />;
}
