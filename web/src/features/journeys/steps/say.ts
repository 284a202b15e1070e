import { formatInstant, formatNumber } from "@/lib/format";
import { type Fields, isFields, itemsOf, type Json } from "../graph/definition";
import { parseDuration } from "../graph/durations";

/** Short sentences of parts of a definition, for nodes and edges. */

export type Say = (key: string, values?: object) => string;

export function sayDuration(text: Json | undefined, t: Say): string {
  const found = parseDuration(text);
  if (!found) return typeof text === "string" ? text : "…";
  return t(`duration.${found.unit}`, { count: Math.abs(found.amount) });
}

export function sayValue(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(sayValue).join(", ");
  if (typeof value === "number") return formatNumber(value);
  return isFields(value) ? JSON.stringify(value) : String(value ?? "");
}

/** `cart_total > 50` */
export function sayClause(clause: Fields, t: Say): string {
  const op = t(`operator.${String(clause.op)}`);
  const value = clause.value === undefined ? "" : ` ${sayValue(clause.value)}`;
  return `${String(clause.path ?? "…")} ${op}${value}`;
}

/** An event, or the coming into or going out of a segment. */
export function saySignal(signal: Fields, t: Say): string {
  if (typeof signal.segment_entered === "string") return t("signal.entered", { segment: signal.segment_entered });
  if (typeof signal.segment_left === "string") return t("signal.left", { segment: signal.segment_left });
  const name = typeof signal.event === "string" && signal.event ? signal.event : t("signal.noEvent");
  const clauses = itemsOf(signal.where);
  return clauses.length ? `${name} (${clauses.map((clause) => sayClause(clause, t)).join(", ")})` : name;
}

/** A condition in a few words, as they fit on a way. */
export function sayCondition(condition: Json | undefined, t: Say): string {
  if (!isFields(condition)) return "…";
  const of = Array.isArray(condition.of) ? condition.of : [];
  switch (condition.type) {
    case "all":
      return of.length ? of.map((one) => sayCondition(one, t)).join(t("condition.and")) : t("condition.everyone");
    case "any":
      return of.length ? of.map((one) => sayCondition(one, t)).join(t("condition.or")) : t("condition.nobody");
    case "not":
      return t("condition.not", { what: sayCondition(condition.of, t) });
    case "trait":
      return sayClause(condition, t);
    case "in_segment":
      return t("condition.inSegment", { name: condition.segment });
    case "in_list":
      return t("condition.inList", { name: condition.list });
    case "did":
      return sayDid(condition, t);
    case "predicted":
      return t("condition.predicted", { name: condition.prediction });
    case "can_receive":
      return t("condition.canReceive", { channel: t(`channel.${String(condition.channel)}`) });
    default:
      return t("condition.other", { type: String(condition.type) });
  }
}

function sayDid(condition: Fields, t: Say): string {
  const times = isFields(condition.times) ? condition.times : {};
  const never = times.eq === 0 || times.lt === 1 || times.lte === 0;
  const within =
    condition.within === undefined ? "" : t("condition.within", { length: sayDuration(condition.within, t) });
  return t(never ? "condition.didNot" : "condition.did", { event: condition.event }) + within;
}

/** When a wait ends. */
export function sayUntil(until: Json | undefined, t: Say): string {
  if (typeof until === "string") return t("wait.untilInstant", { at: sayInstant(until) });
  if (!isFields(until)) return "…";
  if (until.path !== undefined) {
    const offset = parseDuration(until.offset);
    if (!offset || offset.amount === 0) return t("wait.untilPath", { path: until.path });
    const key = offset.amount < 0 ? "wait.beforePath" : "wait.afterPath";
    return t(key, { path: until.path, length: sayDuration(until.offset, t) });
  }
  const days = Array.isArray(until.on) ? ` · ${until.on.map((day) => t(`day.${String(day)}`)).join(", ")}` : "";
  return t("wait.untilTime", { at: String(until.at ?? "…") }) + days;
}

export function sayInstant(text: string): string {
  return Number.isNaN(Date.parse(text)) ? text : text.length > 10 ? formatInstant(text) : text;
}
