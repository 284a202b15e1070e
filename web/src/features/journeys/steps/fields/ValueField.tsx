import { Group, NumberInput, Select, TextInput } from "@mantine/core";
import type { Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

type Kind = "text" | "number" | "truth" | "json";

function kindOf(value: Json | undefined): Kind {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "truth";
  return value === null || typeof value === "object" ? "json" : "text";
}

const EMPTY: Record<Kind, Json> = { text: "", number: 0, truth: true, json: {} };

function turn(value: Json | undefined, kind: Kind): Json {
  if (kind === "number") return Number(value) || 0;
  if (kind === "text") return value === null || typeof value === "object" ? "" : String(value ?? "");
  return EMPTY[kind];
}

/** A value and what it is: `30` is not `"30"`. */
export function ValueField({
  label,
  value,
  change,
}: {
  label: string;
  value: Json | undefined;
  change: (value: Json) => void;
}) {
  const t = useJourneyWords();
  const kind = kindOf(value);
  return (
    <Group gap={4} wrap="nowrap" flex={1}>
      {kind === "text" && (
        <TextInput
          flex={1}
          aria-label={label}
          value={String(value ?? "")}
          onChange={(e) => change(e.currentTarget.value)}
        />
      )}
      {kind === "number" && (
        <NumberInput
          flex={1}
          aria-label={label}
          value={Number(value)}
          onChange={(next) => typeof next === "number" && change(next)}
        />
      )}
      {kind === "truth" && (
        <Select
          flex={1}
          aria-label={label}
          allowDeselect={false}
          value={String(value)}
          data={[
            { value: "true", label: t("field.yes") },
            { value: "false", label: t("field.no") },
          ]}
          onChange={(next) => change(next === "true")}
        />
      )}
      {kind === "json" && <TextInput flex={1} aria-label={label} value={JSON.stringify(value)} readOnly />}
      <Select
        w={96}
        aria-label={t("field.kind")}
        allowDeselect={false}
        value={kind}
        data={(kind === "json" ? ["text", "number", "truth", "json"] : ["text", "number", "truth"]).map((one) => ({
          value: one,
          label: t(`kind.${one}`),
        }))}
        onChange={(next) => next && change(turn(value, next as Kind))}
      />
    </Group>
  );
}
