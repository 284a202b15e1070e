import { eventLabel } from "@/lib/event-labels";
import { type Fields, isFields, itemsOf, type Journey } from "../graph/definition";
import type { Say } from "../steps/say";
import { sayClause, sayInstant, sayNamed } from "../steps/say";

/** How people come in, in a line or two. */
export function sayEntry(journey: Journey, t: Say): string {
  const { entry } = journey;
  switch (entry.type) {
    case "event": {
      const clauses = itemsOf(entry.where).map((clause) => sayClause(clause, t));
      return [entry.event ? eventLabel(String(entry.event)) : t("signal.noEvent"), ...clauses].join("\n");
    }
    case "segment":
      return `${sayNamed("segment", entry.segment, t)}\n${isFields(entry.schedule) ? saySchedule(entry.schedule, t) : ""}`;
    case "segment_entered":
      return sayNamed("segment", entry.segment, t);
    default:
      return t("entry.apiHint");
  }
}

export function saySchedule(schedule: Fields, t: Say): string {
  if (schedule.every === undefined) return schedule.at === undefined ? "…" : sayInstant(String(schedule.at));
  const days = Array.isArray(schedule.on)
    ? schedule.on
        .map((day) => (typeof day === "string" ? t(`day.${day}`) : t("schedule.dayOfMonth", { day })))
        .join(", ")
    : "";
  return [t(`schedule.every.${String(schedule.every)}`), days, schedule.at ?? ""].filter(Boolean).join(" · ");
}
