import { Select } from "@mantine/core";
import { END, type Journey } from "../../graph/definition";
import { wouldCircle } from "../../graph/ports";
import { useJourneyWords } from "../../words";

interface Props {
  label: string;
  journey: Journey;
  from: string;
  target: string | undefined;
  change: (target: string) => void;
  error?: string | undefined;
}

/** Where a way leads: what drawing an edge does, by the keyboard. */
export function TargetField({ label, journey, from, target, change, error }: Props) {
  const t = useJourneyWords();
  const names = Object.keys(journey.steps).filter((name) => name !== from && !wouldCircle(journey, from, name));
  const called = (name: string) => {
    const step = journey.steps[name];
    return step ? `${t(`step.${step.type}`)} · ${name}` : name;
  };
  const now = target ?? END;
  const data = [...names.filter((name) => name !== END), ...(now === END || names.includes(now) ? [] : [now])];
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      value={now}
      data={[...data.map((name) => ({ value: name, label: called(name) })), { value: END, label: t("field.end") }]}
      onChange={(next) => next && change(next)}
      error={error}
    />
  );
}
