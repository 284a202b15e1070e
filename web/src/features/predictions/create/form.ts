import type { Condition } from "@/lib/conditions/condition";
import type { Clause, Target } from "../api";

export type Kind = "event" | "churn" | "value";
export interface Filter {
  key: string;
  path: string;
  op: string;
  value: string;
}
/** What is being written. */
export interface Form {
  kind: Kind;
  event: string;
  filters: Filter[];
  path: string;
  gone: string[];
  days: number;
  about: "everybody" | "segment" | "condition";
  segment: string;
  condition: Condition | undefined;
  every: "hour" | "day" | "week" | "month";
  name: string;
}

export const FIRST_FORM: Form = {
  kind: "event",
  event: "",
  filters: [],
  path: "",
  gone: [],
  days: 30,
  about: "everybody",
  segment: "",
  condition: undefined,
  every: "day",
  name: "",
};

/** A number or a truth where the text is one, else the text. */
export function readValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function whereOf(filters: Filter[]): { where?: Clause[] } {
  const where = filters
    .filter((one) => one.path && one.value !== "")
    .map(({ path, op, value }) => ({ path, op, value: readValue(value) }));
  return where.length ? { where } : {};
}

/** What is foretold; none while something is missing. */
export function targetOf(form: Form): Target | undefined {
  if (form.kind === "churn")
    return form.gone.length ? { churn: { all: form.gone.map((did_not) => ({ did_not })) } } : undefined;
  if (!form.event) return undefined;
  if (form.kind === "event") return { event: form.event, ...whereOf(form.filters) };
  return form.path ? { value: { event: form.event, path: form.path, ...whereOf(form.filters) } } : undefined;
}

export interface Draft {
  target: Target;
  window: string;
  audience?: unknown;
}

/** As the server takes it; none while something is missing. */
export function draftOf(form: Form): Draft | undefined {
  const target = targetOf(form);
  if (!target || !(form.days >= 1 && form.days <= 365)) return undefined;
  const draft: Draft = { target, window: `${Math.round(form.days)}d` };
  if (form.about === "segment") {
    if (!form.segment) return undefined;
    return { ...draft, audience: { type: "in_segment", segment: form.segment } };
  }
  if (form.about === "condition") return form.condition ? { ...draft, audience: form.condition } : undefined;
  return draft;
}

/** An id made of a name: small letters, digits and hyphens. */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);
}
