import { Autocomplete, type AutocompleteProps, Select } from "@mantine/core";
import { useEventNames } from "@/lib/suggestions";
import { eventOption } from "@/ui/event-option";
import { type Choice, useAudiences, useJourneys, useSegments, useTemplates } from "../../data/choices";
import type { Json } from "../../graph/definition";
import { useJourneyWords } from "../../words";

interface Props {
  label: string;
  value: Json | undefined;
  change: (value: string) => void;
  error?: string | undefined;
  description?: string;
}

/** A text with suggestions: what is not there yet can be named, the check tells of it. */
export function Suggested({
  label,
  value,
  change,
  error,
  description,
  ...more
}: Props & Omit<AutocompleteProps, keyof Props | "onChange">) {
  return (
    <Autocomplete
      label={label}
      description={description}
      value={typeof value === "string" ? value : ""}
      onChange={change}
      error={error}
      limit={30}
      comboboxProps={{ shadow: "md" }}
      {...more}
    />
  );
}

export function EventField(props: Props) {
  const t = useJourneyWords();
  return <Suggested placeholder={t("field.eventHint")} {...props} data={useEventNames()} renderOption={eventOption} />;
}

/** One of a list, by its name; one that is not in the list is shown by its id. */
function Chosen({
  label,
  value,
  change,
  error,
  description,
  choices,
  placeholder,
}: Props & { choices: Choice[]; placeholder: string }) {
  const given = typeof value === "string" ? value : "";
  const known = choices.some((one) => one.value === given);
  return (
    <Select
      label={label}
      description={description}
      searchable
      allowDeselect={false}
      value={given || null}
      data={given && !known ? [...choices, { value: given, label: given }] : choices}
      onChange={(next) => next && change(next)}
      placeholder={placeholder}
      error={error}
      limit={100}
      comboboxProps={{ shadow: "md" }}
    />
  );
}

export function SegmentField(props: Props) {
  const t = useJourneyWords();
  return <Chosen placeholder={t("field.segmentHint")} {...props} choices={useSegments()} />;
}

export function JourneyField(props: Props & { except: string }) {
  const t = useJourneyWords();
  const choices = useJourneys().filter((one) => one.value !== props.except);
  return <Chosen placeholder={t("field.journeyHint")} {...props} choices={choices} />;
}

export function TemplateField({ channel, ...props }: Props & { channel: string }) {
  const t = useJourneyWords();
  const templates = useTemplates(channel);
  const choices = templates.map((one) => ({
    value: one.value,
    label: one.status === "ready" ? one.label : t("field.templateDraft", { name: one.label }),
  }));
  if (!choices.length) return <Suggested placeholder={t("field.templateHint")} {...props} />;
  return <Chosen placeholder={t("field.templateHint")} {...props} choices={choices} />;
}

export function AudienceField(props: Props) {
  const t = useJourneyWords();
  return <Suggested placeholder={t("field.audienceHint")} {...props} data={useAudiences().map((one) => one.value)} />;
}
