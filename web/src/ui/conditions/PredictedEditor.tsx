import { MultiSelect } from "@mantine/core";
import { CATEGORIES, type Condition, type Limits, withField } from "@/lib/conditions/condition";
import { ASKS, type Ask, askOf, sideOf, tailOf, withAsk, withSide, writeTail } from "@/lib/conditions/predicted";
import { usePredictionsSeen } from "@/lib/suggestions";
import classes from "./conditions.module.css";
import type { EditorProps } from "./DidEditor";
import { NumberField, PickField, Word } from "./Field";
import { LengthField } from "./LengthField";
import { NamedField } from "./NamedField";
import { useBuilderWords } from "./words";

const HUNDRED = { min: 0, max: 100 };

interface RangeProps {
  limits: Limits;
  labels: [string, string];
  width: number;
  max?: number;
  onChange: (limits: Limits) => void;
}

/** From and to; either may be left empty, not both. What is neither (`eq`, `ne`) is shown as it is written. */
function RangeFields({ limits, labels, width, max, onChange }: RangeProps) {
  const t = useBuilderWords();
  const odd = Object.entries(limits).filter(([op]) => op === "eq" || op === "ne");
  if (odd.length)
    return odd.map(([op, n]) => (
      <span className={classes.line} key={op}>
        <Word>{t(`times_op.${op}`)}</Word>
        <NumberField
          label={t("n")}
          width={width}
          value={n as number}
          onChange={(next) => onChange({ ...limits, [op]: next })}
        />
      </span>
    ));
  return (["from", "to"] as const).map((side, i) => {
    const { op, n } = sideOf(limits, side);
    return (
      <span className={classes.line} key={side}>
        {i > 0 && <Word>{t("all_short")}</Word>}
        {(op === "gt" || op === "lt") && <Word>{t(`times_op.${op}`)}</Word>}
        <NumberField
          label={labels[i] ?? ""}
          width={width}
          min={0}
          {...(max === undefined ? {} : { max })}
          value={n}
          onChange={(next) => onChange(withSide(limits, side, next))}
          onClear={() => onChange(withSide(limits, side, undefined))}
        />
      </span>
    );
  });
}

function PercentileFields({ limits, onChange }: { limits: Limits; onChange: (limits: Limits) => void }) {
  const t = useBuilderWords();
  const tail = tailOf(limits);
  if (!tail)
    return (
      <RangeFields
        limits={limits}
        labels={[t("percentile_from"), t("percentile_to")]}
        width={72}
        max={100}
        onChange={onChange}
      />
    );
  return (
    <>
      <PickField
        label={t("end")}
        width={130}
        value={tail.end}
        data={["highest", "lowest"].map((value) => ({ value, label: t(`ends.${value}`) }))}
        onChange={(end) => onChange(writeTail({ ...tail, end: end as "highest" | "lowest" }))}
      />
      <NumberField
        label={t("percent_of_all")}
        width={72}
        {...HUNDRED}
        suffix=" %"
        value={tail.share}
        onChange={(share) => onChange(writeTail({ ...tail, share }))}
      />
      <Word>{t("of_all")}</Word>
    </>
  );
}

function AskFields({ ask, source, onChange }: EditorProps & { ask: Ask }) {
  const t = useBuilderWords();
  const set = (value: unknown) => onChange({ ...source, [ask]: value });
  const limits = (source[ask] ?? {}) as Limits;
  switch (ask) {
    case "category":
      return (
        <MultiSelect
          aria-label={t("by_category")}
          size="xs"
          w={220}
          maw="100%"
          value={(Array.isArray(source.category) ? source.category : [source.category]).map(String)}
          data={CATEGORIES.map((value) => ({ value: value as string, label: t(`categories.${value}`) }))}
          onChange={set}
        />
      );
    case "percentile":
      return <PercentileFields limits={limits} onChange={set} />;
    case "top":
      return (
        <>
          <NumberField
            label={t("top_people")}
            width={96}
            min={1}
            decimals={0}
            value={typeof source.top === "number" ? source.top : undefined}
            onChange={set}
          />
          <Word>{t("highest_scores")}</Word>
        </>
      );
    case "value":
      return <RangeFields limits={limits} labels={[t("amount_from"), t("amount_to")]} width={110} onChange={set} />;
    default:
      return (
        <RangeFields limits={limits} labels={[t("score_from"), t("score_to")]} width={72} max={100} onChange={set} />
      );
  }
}

/** A prediction and one question to it: its score, its category, its place among all, or the amount it expects; and how old it may be. */
export function PredictedEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const ask = askOf(source);
  const prediction = String(source.prediction ?? "");
  const seen = usePredictionsSeen().find((one) => one.id === prediction);
  const asks = ASKS.filter((name) => name !== "value" || ask === "value" || seen?.amounts);
  const aged = source.within !== undefined;
  return (
    <div className={classes.line}>
      <NamedField
        kind="prediction"
        label={t("prediction")}
        value={prediction}
        onChange={(next) => onChange({ ...source, prediction: next })}
      />
      <PickField
        label={t("ask")}
        width={170}
        value={ask}
        data={asks.map((value) => ({ value, label: t(`asks.${value}`) }))}
        onChange={(next) => onChange(withAsk(source, next as Ask))}
      />
      <AskFields ask={ask} source={source} onChange={onChange} />
      <PickField
        label={t("age")}
        width={170}
        value={aged ? "within" : "any"}
        data={["any", "within"].map((value) => ({ value, label: t(`ages.${value}`) }))}
        onChange={(next) => onChange(withAge(source, next === "within" ? "7d" : undefined))}
      />
      {aged && <LengthField value={source.within} onChange={(within) => onChange({ ...source, within })} />}
    </div>
  );
}

function withAge(source: Condition, within: string | undefined): Condition {
  return withField(source, "within", within);
}
