import { eventLabel } from "../event-labels";
import { formatNumber } from "../format";
import { type Clause, type Condition, isCondition, type Limits } from "./condition";
import { parseLength } from "./length";
import { valueKind } from "./operators";
import { askOf, tailOf } from "./predicted";

/** Says a word by its key, with values. */
export type Say = (key: string, values?: object) => string;

/** A condition in plain words: a clause ("who did …"), or a heading with parts below it. */
export interface Sentence {
  text: string;
  parts: Sentence[];
  join: "and" | "or" | null;
}

/** The names of what conditions refer to, by `kind:id`. */
export type Names = (kind: string, id: string) => string;

export function sayLength(text: unknown, say: Say): string {
  const length = parseLength(text);
  return length ? say(`units.${length.unit}`, { count: length.n }) : String(text ?? "…");
}

function quoted(value: unknown, say: Say): string {
  if (typeof value === "number") return formatNumber(value, { maximumFractionDigits: 6 });
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return say("quoted", { text: value === "" || value === undefined ? "…" : String(value) });
}

function listed(values: readonly unknown[], say: Say, last: "and" | "or"): string {
  const told = values.map((value) => quoted(value, say));
  if (told.length < 2) return told[0] ?? "…";
  return `${told.slice(0, -1).join(", ")} ${say(last)} ${told.at(-1)}`;
}

function sayValue(clause: Clause, say: Say): string {
  const { op = "eq", value } = clause;
  switch (valueKind(op)) {
    case "list":
      return listed(Array.isArray(value) ? value : [], say, "or");
    case "pair":
      return listed(Array.isArray(value) ? value : [], say, "and");
    case "length":
      return sayLength(value, say);
    case "none":
      return "";
    default:
      return quoted(value, say);
  }
}

export function sayClause(clause: Clause, say: Say): string {
  return say(`clause.${clause.op ?? "eq"}`, { path: clause.path || "…", value: sayValue(clause, say) });
}

function sayLimits(limits: unknown, say: Say): string {
  const found = Object.entries((limits ?? {}) as Limits).filter(([op]) => op !== "fn" && op !== "path");
  return found.map(([op, n]) => say(`limit.${op}`, { n: quoted(n, say) })).join(` ${say("and")} `);
}

function sayTimes(times: unknown, say: Say): string {
  const limits = (times ?? { gte: 1 }) as Limits;
  const only = Object.keys(limits).length === 1;
  if (only && (limits.gte === 1 || limits.gt === 0)) return "";
  return ` ${say("times", { limits: sayLimits(limits, say) })}`;
}

function sayWindow(source: Record<string, unknown>, say: Say): string {
  const between = Array.isArray(source.between) ? source.between : [];
  const since = source.since ?? between[0];
  const before = source.before ?? between[1];
  const parts = [
    source.within !== undefined ? say("within", { length: sayLength(source.within, say) }) : "",
    since !== undefined ? say("since", { day: since }) : "",
    before !== undefined ? say("before", { day: before }) : "",
  ];
  return parts
    .filter(Boolean)
    .map((part) => ` ${part}`)
    .join("");
}

const called = (event: unknown) => (typeof event === "string" ? eventLabel(event) : event);

function sayWhere(where: unknown, say: Say): string {
  if (!Array.isArray(where) || where.length === 0) return "";
  const clauses = where.map((clause) => sayClause(clause as Clause, say)).join(` ${say("and")} `);
  return ` ${say("where", { clauses })}`;
}

function sayDid(source: Condition, say: Say): string {
  const event = quoted(called(source.event), say);
  const more = sayWhere(source.where, say) + sayWindow(source, say);
  const times = source.times as Limits | undefined;
  const aggregate = source.aggregate as (Clause & { fn?: string }) | undefined;
  if (aggregate) {
    const figure = say(`function.${aggregate.fn ?? "sum"}`, { path: aggregate.path || "…" });
    const counted = times ? sayTimes(times, say) : "";
    return say("figure", { figure, event, limits: sayLimits(aggregate, say) || "…" }) + counted + more;
  }
  const never = times && Object.keys(times).length === 1 && (times.eq === 0 || times.lt === 1 || times.lte === 0);
  return never ? say("did_not", { event }) + more : say("did", { event }) + sayTimes(times, say) + more;
}

function saySequence(source: Condition, say: Say): string {
  const steps = Array.isArray(source.steps) ? source.steps : [];
  const told = steps.map((step: Condition, i) => {
    const event = quoted(called(step.event), say) + sayWhere(step.where, say);
    const within = step.within !== undefined ? ` ${say("later", { length: sayLength(step.within, say) })}` : "";
    return i === 0 ? event : say("and_then", { event }) + within;
  });
  return say("sequence", { steps: told.join(", ") }) + sayWindow(source, say);
}

function asList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

function sayPredicted(source: Condition, prediction: string, say: Say): string {
  const age = source.within === undefined ? "" : say("predicted_age", { length: sayLength(source.within, say) });
  const ask = askOf(source);
  const limits = sayLimits(source[ask], say) || "…";
  const tail = ask === "percentile" ? tailOf(source.percentile) : null;
  if (tail) return say(`predicted_${tail.end}`, { prediction, n: quoted(tail.share, say) }) + age;
  if (ask === "top") return say("predicted_top", { prediction, n: quoted(source.top, say) }) + age;
  if (ask !== "category") return say(`predicted_${ask}`, { prediction, limits }) + age;
  const categories = asList(source.category).map((name) => say(`category.${name}`));
  return say("predicted_category", { prediction, categories: categories.join(` ${say("or")} `) || "…" }) + age;
}

function sayLeaf(source: Condition, say: Say, names: Names): string {
  const named = (kind: string, field: string) => {
    const id = String(source[field] ?? "");
    return quoted(id ? names(kind, id) : "", say);
  };
  const step = source.step !== undefined ? ` ${say("at_step", { step: source.step })}` : "";
  switch (source.type) {
    case "did":
      return sayDid(source, say);
    case "sequence":
      return saySequence(source, say);
    case "trait":
      return say("trait", { clause: sayClause(source as Clause, say) });
    case "can_receive":
      return say(source.because ? "can_receive_because" : "can_receive", {
        channel: say(`channel.${String(source.channel)}`),
      });
    case "subscribed":
      return source.group
        ? say("subscribed_group", { group: quoted(source.group, say) })
        : say("subscribed", {
            channel: source.channel ? say(`channel.${String(source.channel)}`) : say("any_channel"),
          });
    case "predicted":
      return sayPredicted(source, named("prediction", "prediction"), say);
    case "in_segment":
      return say("in_segment", { segment: named("segment", "segment") });
    case "in_list":
      return say("in_list", { list: named("list", "list") });
    case "message": {
      const [kind = "", id = ""] = String(source.source ?? "").split(":");
      const statuses = (source.status === undefined ? ["sent"] : asList(source.status)).map((s) => say(`status.${s}`));
      const told = { source: quoted(id ? names(kind, id) : "", say), statuses: statuses.join(` ${say("or")} `) };
      return say("message", told) + step + sayWindow(source, say);
    }
    case "journey":
      return say(`journey.${String(source.state ?? "active")}`, { journey: named("journey", "journey") }) + step;
    case "near":
      return say("near", {
        path: source.path || "…",
        km: quoted(source.km, say),
        place: `${String(source.lat)}, ${String(source.lon)}`,
      });
    case "bucket":
      return say("bucket", {
        share: formatNumber((Number(source.to) - Number(source.from)) / 10_000, {
          style: "percent",
          maximumFractionDigits: 2,
        }),
        salt: quoted(source.salt, say),
      });
    default:
      return say("unknown", { type: source.type });
  }
}

/** The sentence of a condition; inside another one (`depth` > 0) headings are shorter. */
export function tell(source: Condition, say: Say, names: Names, depth = 0): Sentence {
  const head = (key: string) => say(depth > 0 ? `inner.${key}` : key);
  const { type, of } = source;
  if (type === "not" && isCondition(of)) {
    const inner = tell(of, say, names, depth);
    if (inner.parts.length === 0) return { text: say("not", { clause: inner.text }), parts: [], join: null };
    return { ...inner, text: head(inner.join === "or" ? "none_of" : "not_all_of") };
  }
  if ((type === "all" || type === "any") && Array.isArray(of)) {
    const parts = of.filter(isCondition).map((part) => tell(part, say, names, depth + 1));
    const [only] = parts;
    if (!only) return { text: say(type === "all" ? "everyone" : "nobody"), parts: [], join: null };
    if (parts.length === 1) return only;
    return { text: head(type === "all" ? "all_of" : "any_of"), parts, join: type === "all" ? "and" : "or" };
  }
  return { text: sayLeaf(source, say, names), parts: [], join: null };
}

/** All of it in one line: "People who … and who …". */
export function oneLine(sentence: Sentence, say: Say, depth = 0): string {
  if (sentence.parts.length === 0 || sentence.join === null)
    return depth ? sentence.text : say("people", { clause: sentence.text });
  const inner = sentence.parts.map((part) => oneLine(part, say, depth + 1)).join(` ${say(sentence.join)} `);
  const denied = ["none_of", "not_all_of", "inner.none_of", "inner.not_all_of"].some(
    (key) => sentence.text === say(key),
  );
  const whole = denied ? say("not", { clause: `(${inner})` }) : depth ? `(${inner})` : inner;
  return depth ? whole : say("people", { clause: whole });
}
