import { type Condition, isCondition } from "@/lib/conditions/condition";
import { eventLabel } from "@/lib/event-labels";
import { formatInstant } from "@/lib/format";
import { type Fields, isFields, itemsOf, type Json } from "../graph/definition";
import { parseDuration } from "../graph/durations";

/** Short sentences of parts of a definition, for nodes and edges. */

/** Says words of this feature; conditions, filters and the names of definitions where those are at hand. */
export interface Say {
  (key: string, values?: object): string;
  condition?: (condition: Condition) => string;
  clause?: (clause: Fields) => string;
  named?: (kind: string, id: string) => string;
}

/** What an id stands for, by its name once that is known; `none` where there is no id yet. */
export function sayNamed(kind: string, id: Json | undefined, t: Say, none = "…"): string {
  return typeof id === "string" && id ? (t.named?.(kind, id) ?? id) : none;
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
  const { segment_entered: entered, segment_left: left } = signal;
  if (typeof entered === "string") return t("signal.entered", { segment: sayNamed("segment", entered, t) });
  if (typeof left === "string") return t("signal.left", { segment: sayNamed("segment", left, t) });
  const name = typeof signal.event === "string" && signal.event ? eventLabel(signal.event) : t("signal.noEvent");
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
