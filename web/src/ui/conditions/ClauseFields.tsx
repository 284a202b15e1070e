import { Tooltip } from "@mantine/core";
import type { Clause } from "@/lib/conditions/condition";
import { withField } from "@/lib/conditions/condition";
import { operatorsFor, valueFor, valueKind } from "@/lib/conditions/operators";
import type { PathSeen } from "@/lib/suggestions";
import classes from "./conditions.module.css";
import { PickField, SuggestField } from "./Field";
import { ValueField } from "./ValueField";
import { useBuilderWords } from "./words";

const TEXTUAL = ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "matches"];

/** A test of one path: of an event's properties, or of traits when `event` is null. */
export function ClauseFields({
  clause,
  event,
  paths,
  label,
  onChange,
}: {
  clause: Clause;
  event: string | null;
  paths: PathSeen[];
  label: string;
  onChange: (clause: Clause) => void;
}) {
  const t = useBuilderWords();
  const op = clause.op ?? "eq";
  const types = paths.find((seen) => seen.path === clause.path)?.types ?? [];
  const { usual, others } = operatorsFor(types);
  const option = (value: string) => ({ value, label: t(`op.${value}`) });
  const data =
    others.length === 0
      ? usual.map(option)
      : [
          { group: t("usual"), items: usual.map(option) },
          { group: t("others"), items: others.map(option) },
        ];

  function setOp(next: string) {
    const value = valueFor(next, clause.value);
    const kept = TEXTUAL.includes(next) ? clause : withField(clause, "ignore_case", undefined);
    onChange(withField({ ...kept, op: next }, "value", value));
  }

  function setPath(path: string) {
    const now = paths.find((seen) => seen.path === path)?.types ?? [];
    const fits = now.length === 0 || operatorsFor(now).usual.includes(op);
    if (fits) return onChange({ ...clause, path });
    const next = operatorsFor(now).usual[0] ?? op;
    onChange(withField({ ...clause, path, op: next }, "value", valueFor(next, "")));
  }

  const isText = typeof clause.value === "string" || Array.isArray(clause.value);
  return (
    <>
      <SuggestField label={label} value={clause.path ?? ""} data={paths.map((seen) => seen.path)} onChange={setPath} />
      <PickField label={t("operator")} width={150} value={op} data={data} onChange={setOp} />
      <ValueField clause={clause} event={event} types={types} onChange={(value) => onChange({ ...clause, value })} />
      {TEXTUAL.includes(op) && valueKind(op) !== "none" && isText && (
        <Tooltip label={t("ignore_case")}>
          <button
            type="button"
            className={classes.caseToggle}
            aria-pressed={clause.ignore_case === true}
            aria-label={t("ignore_case")}
            onClick={() => onChange(withField(clause, "ignore_case", clause.ignore_case ? undefined : true))}
          >
            Aa
          </button>
        </Tooltip>
      )}
    </>
  );
}
