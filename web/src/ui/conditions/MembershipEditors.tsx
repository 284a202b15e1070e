import { MultiSelect } from "@mantine/core";
import { JOURNEY_STATES, STATUSES, withField } from "@/lib/conditions/condition";
import { useNamed, useSteps } from "@/lib/suggestions";
import classes from "./conditions.module.css";
import type { EditorProps } from "./DidEditor";
import { PickField, SuggestField } from "./Field";
import { NamedField } from "./NamedField";
import { WindowFields } from "./WindowFields";
import { useBuilderWords } from "./words";

export function InSegmentEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  return (
    <NamedField
      kind="segment"
      label={t("segment")}
      value={String(source.segment ?? "")}
      onChange={(segment) => onChange({ ...source, segment })}
    />
  );
}

export function InListEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  return (
    <NamedField
      kind="list"
      label={t("list")}
      value={String(source.list ?? "")}
      onChange={(list) => onChange({ ...source, list })}
    />
  );
}

function StepField({ journey, source, onChange }: EditorProps & { journey: string }) {
  const t = useBuilderWords();
  const steps = useSteps(journey);
  return (
    <SuggestField
      label={t("step")}
      width={150}
      value={String(source.step ?? "")}
      data={steps}
      onChange={(step) => onChange(withField(source, "step", step || undefined))}
    />
  );
}

export function MessageEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const journeys = useNamed("journey");
  const campaigns = useNamed("campaign");
  const items = (kind: string, found: typeof journeys) =>
    found.map(({ id, name }) => ({ value: `${kind}:${id}`, label: name }));
  const value = String(source.source ?? "");
  const [kind, id = ""] = value.split(":");
  const statuses =
    source.status === undefined ? ["sent"] : Array.isArray(source.status) ? source.status : [source.status];
  return (
    <div className={classes.line}>
      <PickField
        label={t("source")}
        width={240}
        searchable
        value={value}
        data={[
          { group: t("journeys"), items: items("journey", journeys) },
          { group: t("campaigns"), items: items("campaign", campaigns) },
        ]}
        onChange={(next) => onChange(withField({ ...source, source: next }, "step", undefined))}
      />
      {kind === "journey" && <StepField journey={id} source={source} onChange={onChange} />}
      <MultiSelect
        aria-label={t("status")}
        size="xs"
        miw={160}
        maw="100%"
        value={statuses.map(String)}
        data={STATUSES.map((status) => ({ value: status as string, label: t(`statuses.${status}`) }))}
        onChange={(status) => onChange({ ...source, status })}
      />
      <WindowFields source={source} onChange={onChange} />
    </div>
  );
}

export function JourneyEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const journey = String(source.journey ?? "");
  return (
    <div className={classes.line}>
      <NamedField
        kind="journey"
        label={t("journey")}
        value={journey}
        onChange={(next) => onChange({ ...source, journey: next })}
      />
      <PickField
        label={t("state")}
        width={180}
        value={String(source.state ?? "active")}
        data={JOURNEY_STATES.map((value) => ({ value: value as string, label: t(`states.${value}`) }))}
        onChange={(state) => onChange({ ...source, state })}
      />
      <StepField journey={journey} source={source} onChange={onChange} />
    </div>
  );
}
