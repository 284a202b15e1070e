import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconFilterPlus, IconSum, IconX } from "@tabler/icons-react";
import { AGGREGATES, type Clause, type Condition, LIMIT_OPS, type Limits, withField } from "@/lib/conditions/condition";
import { useEventNames, usePropertyPaths } from "@/lib/suggestions";
import { eventOption } from "../event-option";
import { ClauseFields } from "./ClauseFields";
import classes from "./conditions.module.css";
import { NumberField, PickField, SuggestField, Word } from "./Field";
import { WindowFields } from "./WindowFields";
import { useBuilderWords } from "./words";

export interface EditorProps {
  source: Condition;
  onChange: (source: Condition) => void;
}

/** The filters on the properties of an event, and the button that adds one. */
export function WhereFields({
  source,
  event,
  onChange,
  children,
}: EditorProps & { event: string; children?: React.ReactNode }) {
  const t = useBuilderWords();
  const paths = usePropertyPaths(event);
  const where = (Array.isArray(source.where) ? source.where : []) as Clause[];
  const set = (next: Clause[]) => onChange(withField(source, "where", next.length > 0 ? next : undefined));
  return (
    <>
      {where.length > 0 && (
        <div className={classes.filters}>
          {where.map((clause, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: filters have no other name
            <div className={classes.line} key={i}>
              <ClauseFields
                clause={clause}
                event={event}
                paths={paths}
                label={t("property")}
                onChange={(next) => set(where.with(i, next))}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("remove_filter")}
                onClick={() => set(where.toSpliced(i, 1))}
              >
                <IconX size={14} />
              </ActionIcon>
            </div>
          ))}
        </div>
      )}
      <div className={classes.line} style={{ marginTop: 6 }}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconFilterPlus size={14} />}
          onClick={() => set([...where, { path: "", op: "eq", value: "" }])}
        >
          {t("add_filter")}
        </Button>
        {children}
      </div>
    </>
  );
}

const SIMPLE: Record<string, Limits> = { once: { gte: 1 }, never: { eq: 0 } };

function timesKind(times: Limits | undefined): string {
  if (times === undefined) return "once";
  const ops = Object.keys(times);
  if (ops.length > 1) return "range";
  if (times.gte === 1) return "once";
  if (times.eq === 0) return "never";
  return ops[0] ?? "once";
}

function TimesFields({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const times = source.times as Limits | undefined;
  const kind = timesKind(times);
  const kinds = ["once", "never", ...LIMIT_OPS, "range"];
  function choose(next: string) {
    const n = Number(Object.values(times ?? {})[0] ?? 2) || 2;
    const limits =
      SIMPLE[next] ?? (next === "range" ? { gte: n, lte: n + 3 } : { [next]: next === "gte" && n < 2 ? 2 : n });
    onChange(withField(source, "times", next === "once" ? undefined : limits));
  }
  const set = (op: string, n: number) => onChange({ ...source, times: { ...times, [op]: n } });
  const ops = kind === "once" || kind === "never" ? [] : Object.keys(times ?? {});
  return (
    <>
      <PickField
        label={t("times")}
        width={144}
        value={kind}
        data={kinds.map((value) => ({ value, label: t(`times_op.${value}`) }))}
        onChange={choose}
      />
      {ops.map((op, i) => (
        <span className={classes.line} key={op}>
          {i > 0 && <Word>{t("all_short")}</Word>}
          {ops.length > 1 && op !== "gte" && op !== "lte" && <Word>{t(`times_op.${op}`)}</Word>}
          <NumberField
            label={t("n")}
            width={60}
            min={0}
            decimals={0}
            value={(times as Record<string, number>)[op]}
            onChange={(n) => set(op, n)}
          />
        </span>
      ))}
      {ops.length > 0 && <Word>{t("times_word")}</Word>}
    </>
  );
}

function AggregateFields({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const paths = usePropertyPaths(String(source.event ?? ""));
  const aggregate = source.aggregate as Record<string, unknown>;
  const ops = LIMIT_OPS.filter((op) => aggregate[op] !== undefined);
  const set = (next: Record<string, unknown>) => onChange({ ...source, aggregate: next });
  return (
    <>
      <PickField
        label={t("measure")}
        width={140}
        value={String(aggregate.fn ?? "sum")}
        data={AGGREGATES.map((value) => ({ value, label: t(`function.${value}`) }))}
        onChange={(fn) => set({ ...aggregate, fn })}
      />
      <SuggestField
        label={t("property")}
        width={150}
        value={String(aggregate.path ?? "")}
        data={paths.map((seen) => seen.path)}
        onChange={(path) => set({ ...aggregate, path })}
      />
      {ops.map((op) => (
        <span className={classes.line} key={op}>
          <PickField
            label={t("operator")}
            width={128}
            value={op}
            data={LIMIT_OPS.map((value) => ({ value, label: t(`limit.${value}`) }))}
            onChange={(next) =>
              set(withField({ ...aggregate, [next]: aggregate[op] }, next === op ? "" : op, undefined))
            }
          />
          {typeof aggregate[op] === "string" ? (
            <SuggestField
              label={t("value")}
              width={110}
              value={String(aggregate[op])}
              data={[]}
              onChange={(value) => set({ ...aggregate, [op]: value })}
            />
          ) : (
            <NumberField
              label={t("value")}
              value={aggregate[op] as number}
              onChange={(value) => set({ ...aggregate, [op]: value })}
            />
          )}
        </span>
      ))}
    </>
  );
}

export function DidEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const events = useEventNames();
  const event = String(source.event ?? "");
  const measured = source.aggregate !== undefined;
  function toggle() {
    if (measured) return onChange(withField(source, "aggregate", undefined));
    onChange({ ...withField(source, "times", undefined), aggregate: { fn: "sum", path: "", gte: 100 } } as Condition);
  }
  return (
    <>
      <div className={classes.line}>
        <SuggestField
          label={t("choose_event")}
          width={210}
          value={event}
          data={events}
          renderOption={eventOption}
          onChange={(next) => onChange({ ...source, event: next })}
        />
        {measured ? (
          <AggregateFields source={source} onChange={onChange} />
        ) : (
          <TimesFields source={source} onChange={onChange} />
        )}
        {measured && source.times !== undefined && <TimesFields source={source} onChange={onChange} />}
        <WindowFields source={source} onChange={onChange} />
      </div>
      <WhereFields source={source} event={event} onChange={onChange}>
        <Tooltip label={t("measure")} disabled={!measured}>
          <Button variant="subtle" color="gray" size="compact-xs" leftSection={<IconSum size={14} />} onClick={toggle}>
            {t(measured ? "unmeasure" : "measure")}
          </Button>
        </Tooltip>
      </WhereFields>
    </>
  );
}
