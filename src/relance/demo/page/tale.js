// One item of a person's timeline as a sentence, with its why.

import { h } from "./dom.js";
import { clockTime, describe, duration, listOf, reason, shortMoment, t } from "./language.js";
import { about } from "./stream.js";

const HELD = 60 * 60 * 1000; // a message that left so much after it was queued was held by quiet hours
const bold = (text) => h("b", {}, text);

/** A sentence whose `{part}` is bold. */
function sentence(name, part, text) {
  const [before, after] = t(name, { [part]: "\u0000" }).split("\u0000");
  return [before, bold(text), after ?? ""];
}

const journeyOf = (item) => item.name ?? item.source.split(":")[1];

/** {drawing, tone, what, why, quiet} */
export function tell(item) {
  switch (item.kind) {
    case "event": return { what: [bold(item.name), about(item) ? ` · ${about(item)}` : ""], quiet: true };
    case "consent": return {
      drawing: "consent", tone: item.state === "subscribed" ? "good" : "bad",
      what: sentence(item.state === "subscribed" ? "t_subscribed" : "t_unsubscribed", "channel", t(item.channel)),
      why: [item.source && t("by", { source: item.source }), !item.applied && t("t_not_applied")].filter(Boolean).join(", "),
    };
    case "started": return { drawing: "enter", tone: "decision", what: sentence("t_started", "journey", journeyOf(item)), why: started(item.started_by) };
    case "suppressed": return { drawing: "refused", what: sentence("t_suppressed", "journey", journeyOf(item)), why: reason(item.reason ?? "") };
    case "step": return step(item);
    case "goal": return { drawing: "goal", tone: "good", what: sentence("t_goal", "journey", journeyOf(item)) };
    case "ended": return ended(item);
    default: return message(item);
  }
}

function started(by) {
  if (by?.event) return about({ name: by.event, properties: by.properties ?? {} }) ? t("w_event", { event: by.event, detail: about({ name: by.event, properties: by.properties ?? {} }) }) : by.event;
  const segment = by?.segment ?? by?.audience?.segment;
  return segment ? t("w_segment", { segment }) : "";
}

function step(item) {
  const drawing = item.type === "message" ? "message" : item.type;
  return { drawing, tone: "decision", what: sentence("t_step", "step", item.step), why: because(item.why ?? {}) };
}

function because(why) {
  switch (why.cause) {
    case "heard": return t("w_heard", { event: why.event ?? "", at: why.event_at ? clockTime(why.event_at) : "" });
    case "timeout": return t("w_timeout", { events: listOf([...new Set(why.unheard ?? [])]), limit: duration(why.limit) });
    case "waited": return typeof why.waited === "string" && /^\d/.test(why.waited) && why.waited.length < 8 ? t("w_waited", { waited: duration(why.waited) }) : t("w_waited_until");
    case "branch": return t("w_branch", { condition: describe(why.condition) });
    case "otherwise": return t("w_otherwise", { conditions: (why.conditions ?? []).map(describe).join("; ") });
    default: return t(`w_${why.cause}`);
  }
}

function ended(item) {
  const journey = journeyOf(item);
  if (item.status === "finished") return { drawing: "done", what: sentence("t_finished", "journey", journey), quiet: true };
  if (item.status === "failed") return { drawing: "refused", tone: "bad", what: sentence("t_failed", "journey", journey), why: reason(item.reason ?? "") };
  const merged = item.reason === "merged";
  return { drawing: "leave", tone: "decision", what: sentence("t_exited", "journey", journey), why: merged ? t("w_merged") : t("w_exit", { reason: item.reason ?? "" }) };
}

function message(item) {
  const sent = item.status === "sent";
  const waiting = ["queued", "ready", "claimed"].includes(item.status);
  const name = sent ? "t_sent" : waiting ? "t_waiting" : "t_not_sent";
  return {
    drawing: sent || waiting ? item.channel : "refused",
    tone: sent ? "good" : waiting ? "" : "bad",
    what: [...sentence(name, "channel", t(item.channel)), ` · ${item.source.split(":")[1]} › ${item.step}`],
    why: sent && Date.parse(item.at) - Date.parse(item.queued_at) > HELD ? t("w_held", { at: clockTime(item.queued_at) }) : waiting ? (item.held_until ? t("held_until", { at: shortMoment(item.held_until) }) : "") : sent ? "" : reason(item.reason ?? ""),
  };
}
