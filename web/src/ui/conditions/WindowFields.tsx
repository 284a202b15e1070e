import type { Condition } from "@/lib/conditions/condition";
import { DayField, PickField, Word } from "./Field";
import { LengthField } from "./LengthField";
import { useBuilderWords } from "./words";

const KINDS = ["within", "since", "before", "between", "all_time"] as const;
type Kind = (typeof KINDS)[number];

function kindOf(source: Condition): Kind {
  if (source.within !== undefined) return "within";
  if (Array.isArray(source.between)) return "between";
  if (source.since !== undefined && source.before !== undefined) return "between";
  if (source.since !== undefined) return "since";
  return source.before !== undefined ? "before" : "all_time";
}

function edges(source: Condition): [string, string] {
  const [from, until] = Array.isArray(source.between) ? source.between : [source.since, source.before];
  return [String(from ?? ""), String(until ?? "")];
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Which time counts. Where a definition says both `within` and an edge, the edges stay as they are. */
export function WindowFields({ source, onChange }: { source: Condition; onChange: (source: Condition) => void }) {
  const t = useBuilderWords();
  const kind = kindOf(source);
  const [from, until] = edges(source);

  function choose(next: Kind) {
    const { within: _w, since: _s, before: _b, between: _x, ...rest } = source;
    const more = {
      within: { within: "30d" },
      since: { since: from || today() },
      before: { before: until || today() },
      between: { between: [from || today(), until || today()] },
      all_time: {},
    }[next];
    onChange({ ...rest, ...more } as Condition);
  }

  const setEdges = (a: string, b: string) =>
    onChange(Array.isArray(source.between) ? { ...source, between: [a, b] } : { ...source, since: a, before: b });

  return (
    <>
      <PickField
        label={t("time")}
        width={140}
        value={kind}
        data={KINDS.map((value) => ({ value, label: t(`when.${value}`) }))}
        onChange={(next) => choose(next as Kind)}
      />
      {kind === "within" && (
        <LengthField value={source.within} onChange={(within) => onChange({ ...source, within })} />
      )}
      {kind === "since" && (
        <DayField label={t("since_day")} value={from} onChange={(since) => onChange({ ...source, since })} />
      )}
      {kind === "before" && (
        <DayField label={t("before_day")} value={until} onChange={(before) => onChange({ ...source, before })} />
      )}
      {kind === "between" && (
        <>
          <DayField label={t("since_day")} value={from} onChange={(next) => setEdges(next, until)} />
          <Word>{t("all_short")}</Word>
          <DayField label={t("before_day")} value={until} onChange={(next) => setEdges(from, next)} />
        </>
      )}
    </>
  );
}
