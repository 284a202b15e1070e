import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { type Person, usePeople } from "../api";
import { useContentWords } from "../words";

export function nameOf(person: Person): string {
  const { first_name: first, last_name: last } = person.traits;
  const name = [first, last].filter((part) => typeof part === "string").join(" ");
  return name ? `${name} (${person.user_id})` : person.user_id;
}

interface Props {
  chosen: Person | null;
  onChosen: (person: Person | null) => void;
}

/** Finds the person as whom something is looked at; the first who is known is taken to begin with. */
export function PersonPicker({ chosen, onChosen }: Props) {
  const t = useContentWords();
  const [text, setText] = useState("");
  const [begun, setBegun] = useState(chosen !== null);
  const [asked] = useDebouncedValue(text, 200);
  const people = usePeople(chosen && nameOf(chosen) === asked ? "" : asked).data?.items ?? [];
  const shown = chosen && !people.some((one) => one.user_id === chosen.user_id) ? [chosen, ...people] : people;
  const first = people.find((one) => Object.keys(one.traits).length > 2);
  useEffect(() => {
    if (begun || !first) return;
    setBegun(true);
    onChosen(first);
  }, [begun, first, onChosen]);
  return (
    <Select
      label={t("preview.person")}
      placeholder={t("preview.person_none")}
      data={shown.map((one) => ({ value: one.user_id, label: nameOf(one) }))}
      value={chosen?.user_id ?? null}
      onChange={(id) => onChosen(shown.find((one) => one.user_id === id) ?? null)}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      clearable
    />
  );
}
