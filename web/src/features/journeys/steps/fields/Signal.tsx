import { SegmentedControl, Stack } from "@mantine/core";
import type { Fields } from "../../graph/definition";
import { useJourneyWords } from "../../words";
import { Clauses } from "./Clauses";
import { EventField, SegmentField } from "./NameField";

const KINDS = ["event", "segment_entered", "segment_left"] as const;
const OWN = ["event", "where", "segment_entered", "segment_left"];

/** An event with filters, or the coming into or going out of a segment. Fields beside these (`next`, `message`) stay. */
export function Signal({
  value,
  change,
  error,
}: {
  value: Fields;
  change: (value: Fields, tag?: string) => void;
  error?: string | undefined;
}) {
  const t = useJourneyWords();
  const kind = KINDS.find((one) => one in value) ?? "event";
  const rest = Object.fromEntries(Object.entries(value).filter(([field]) => !OWN.includes(field)));
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        fullWidth
        value={kind}
        data={KINDS.map((one) => ({ value: one, label: t(`signalKind.${one}`) }))}
        onChange={(next) => {
          const { message: _gone, ...others } = rest;
          change({ [next]: "", ...(next === "event" ? rest : others) });
        }}
      />
      {kind === "event" ? (
        <>
          <EventField
            label={t("field.event")}
            value={value.event}
            change={(event) => change({ ...value, event }, "event")}
            error={error}
          />
          <Clauses
            event={String(value.event ?? "")}
            value={value.where}
            change={(where) => {
              const { where: _gone, ...others } = value;
              change(where ? { ...others, where } : others, "where");
            }}
          />
        </>
      ) : (
        <SegmentField
          label={t("field.segment")}
          value={value[kind]}
          change={(segment) => change({ ...value, [kind]: segment })}
          error={error}
        />
      )}
    </Stack>
  );
}
