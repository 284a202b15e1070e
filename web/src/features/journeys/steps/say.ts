import { type Condition, isCondition } from "@/lib/conditions/condition";
import { formatInstant } from "@/lib/format";
import { type Fields, isFields, itemsOf, type Json } from "../graph/definition";
import { parseDuration } from "../graph/durations";

/** Short sentences of parts of a definition, for nodes and edges. */

/** Says words of this feature; conditions and filters where the words of those are at hand. */
export interface Say {
  (key: string, values?: object): string;
  condition?: (condition: Condition) => string;
  clause?: (clause: Fields) => string;
}

export function sayDuration(text: Json | undefined, t: Say): string {
  const found = parseDuration(text);
  if (!found) return typeof text === "string" ? text : "…";
  return t(`duration.${found.unit}`, { count: Math.abs(found.amount) });
}

/** `cart_total is more than 50` */
export function sayClause(clause: Fields, t: Say): string {
  return t.clause?.(clause) ?? String(clause.path ?? "…");
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
  return isCondition(condition) ? (t.condition?.(condition) ?? "…") : "…";
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
