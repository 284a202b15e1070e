import { MultiSelect } from "@mantine/core";
import { CATEGORIES, JOURNEY_STATES, type Limits, STATUSES, withField } from "@/lib/conditions/condition";
import { type NamedKind, useNamed, useSteps } from "@/lib/suggestions";
import classes from "./conditions.module.css";
import type { EditorProps } from "./DidEditor";
import { NumberField, PickField, SuggestField, Word } from "./Field";
import { WindowFields } from "./WindowFields";
import { useBuilderWords } from "./words";

/** Choose one of a kind by its name; an id that is not there stays shown. */
function NamedField({
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

export function PredictedEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const byCategory = source.category !== undefined;
  const score = (source.score ?? {}) as Limits;
  const choose = (mode: string) =>
    onChange(
      mode === "category"
        ? { ...withField(source, "score", undefined), category: ["high"] }
        : { ...withField(source, "category", undefined), score: { gte: 75, lte: 100 } },
    );
  return (
    <div className={classes.line}>
      <NamedField
        kind="prediction"
        label={t("prediction")}
        value={String(source.prediction ?? "")}
        onChange={(prediction) => onChange({ ...source, prediction })}
      />
      <PickField
        label={t("operator")}
        width={140}
        value={byCategory ? "category" : "score"}
        data={[
          { value: "score", label: t("by_score") },
          { value: "category", label: t("by_category") },
        ]}
        onChange={choose}
      />
      {byCategory ? (
        <MultiSelect
          aria-label={t("by_category")}
          size="xs"
          w={200}
          value={(Array.isArray(source.category) ? source.category : [source.category]).map(String)}
          data={CATEGORIES.map((value) => ({ value: value as string, label: t(`categories.${value}`) }))}
          onChange={(category) => onChange({ ...source, category })}
        />
      ) : (
        Object.entries(score).map(([op, n], i) => (
          <span className={classes.line} key={op}>
            {i > 0 && <Word>{t("all_short")}</Word>}
            {!(op === "gte" || op === "lte") && <Word>{t(`times_op.${op}`)}</Word>}
            <NumberField
              label={t(op.startsWith("g") ? "score_from" : "score_to")}
              width={64}
              min={0}
              max={100}
              value={n as number}
              onChange={(value) => onChange({ ...source, score: { ...score, [op]: value } })}
            />
          </span>
        ))
      )}
    </div>
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
