// The language the page speaks now, and how it writes numbers, instants and conditions.

import { WORDS } from "./words.js";

const stored = localStorage.getItem("relance-language");
let language = stored ?? (navigator.language.startsWith("fr") ? "fr" : "en");

export const currentLanguage = () => language;

/** Choose a language, and write it into everything that stands in the page itself. */
export function speak(chosen) {
  language = chosen;
  localStorage.setItem("relance-language", chosen);
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-aria]")) element.setAttribute("aria-label", t(element.dataset.tAria));
  for (const element of document.querySelectorAll("[data-t-placeholder]")) element.placeholder = t(element.dataset.tPlaceholder);
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
}

/** A text in the language of the page; an unknown name stands for itself. */
export function t(name, fill = {}) {
  const text = WORDS[language][name] ?? WORDS.en[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, part) => fill[part] ?? "");
}

/** The word for a reason: known ones in plain language, an event's name as it is. */
export const reason = (code) => (WORDS.en[`r_${code}`] ? t(`r_${code}`) : code);

const formats = new Map();
function format(kind, options) {
  const name = language + kind + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new Intl[kind](language === "fr" ? "fr-FR" : "en-GB", options));
  return formats.get(name);
}
const ZONE = { timeZone: "Europe/Paris" };
export const number = (n, digits = 0) => format("NumberFormat", { maximumFractionDigits: digits }).format(n ?? 0);
export const clockTime = (at) => format("DateTimeFormat", { ...ZONE, hour: "2-digit", minute: "2-digit" }).format(new Date(at));
export const day = (at) => format("DateTimeFormat", { ...ZONE, weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
export const shortMoment = (at) => format("DateTimeFormat", { ...ZONE, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
export const listOf = (items) => format("ListFormat", { type: "disjunction" }).format(items);

/** `1d` as people say it. */
export function duration(text) {
  const found = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text ?? "");
  if (!found) return String(text ?? "");
  const unit = { s: "second", m: "minute", h: "hour", d: "day", w: "week" }[found[2]];
  return format("NumberFormat", { style: "unit", unit, unitDisplay: "long" }).format(Number(found[1]));
}

const SIGNS = { eq: "=", ne: "≠", gt: ">", gte: "≥", lt: "<", lte: "≤", in: "∈", not_in: "∉" };

/** A condition in words, short enough for a line. */
export function describe(condition) {
  if (!condition) return "";
  const inner = (joint) => (condition.of ?? []).map(describe).join(t(joint)) || t("c_everyone");
  switch (condition.type) {
    case "all": return inner("c_and");
    case "any": return inner("c_or");
    case "not": return t("c_not", { of: describe(Array.isArray(condition.of) ? condition.of[0] : condition.of) });
    case "trait": return describeClause(condition);
    case "did": return describeDid(condition);
    case "can_receive": return t("c_receive", { channel: t(condition.channel) });
    case "in_segment": return t("c_segment", { segment: condition.segment });
    default: return condition.type;
  }
}

/** One clause: a path, an operator, a value. */
export function describeClause({ path, op, value }) {
  const shown = Array.isArray(value) ? value.join(", ") : value ?? "";
  return `${path.replace(/^(profile\.)?(traits\.)?/, "")} ${SIGNS[op] ?? op.replaceAll("_", " ")} ${shown}`.trim();
}

function describeDid({ event, times, within, aggregate, where }) {
  const limit = within ? t("c_within", { within: duration(within) }) : "";
  const kind = where?.length ? `${event} (${where.map(describeClause).join(t("c_and"))})` : event;
  if (aggregate) {
    const [op, n] = Object.entries(aggregate).find(([name]) => name in SIGNS) ?? ["gte", ""];
    return t("c_sum", { fn: t(`fn_${aggregate.fn}`), path: aggregate.path, event: kind, op: SIGNS[op], n }) + limit;
  }
  if (times && (times.eq === 0 || times.lte === 0)) return t("c_never", { event: kind }) + limit;
  const least = times?.gte ?? (times?.gt !== undefined ? times.gt + 1 : times?.eq);
  return (least > 1 ? t("c_times", { event: kind, n: least }) : t("c_did", { event: kind })) + limit;
}
