import { JsonInput } from "@mantine/core";
import { useState } from "react";
import { isSame, type Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

/** A part of the definition as it is written. What is no JSON yet is kept on the screen, not in the definition. */
export function CodeField({
  label,
  value,
  change,
  error,
}: {
  label?: string;
  value: Json | undefined;
  change: (value: Json) => void;
  error?: string | undefined;
}) {
  const t = useJourneyWords();
  const [typed, setTyped] = useState<string | null>(null);
  const shown =
    typed !== null && (!readJson(typed) || isSame(readJson(typed)?.value, value))
      ? typed
      : JSON.stringify(value, null, 2);
  return (
    <JsonInput
      label={label ?? t("field.asCode")}
      autosize
      minRows={3}
      maxRows={16}
      formatOnBlur={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
      value={shown}
      onChange={(text) => {
        setTyped(text);
        const found = readJson(text);
        if (found) change(found.value);
      }}
      error={typed !== null && !readJson(typed) ? t("field.noJson") : error}
    />
  );
}

function readJson(text: string): { value: Json } | null {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}
