import type { Scalar } from "./condition";

/** Which operators there are, what value each takes, and which fit a type. */

export type ValueKind = "none" | "scalar" | "order" | "list" | "pair" | "text" | "instant" | "length";

const KIND_OF: Record<string, ValueKind> = {
  eq: "scalar",
  ne: "scalar",
  in: "list",
  not_in: "list",
  gt: "order",
  gte: "order",
  lt: "order",
  lte: "order",
  between: "pair",
  contains: "scalar",
  not_contains: "scalar",
  starts_with: "text",
  ends_with: "text",
  matches: "text",
  is_set: "none",
  is_not_set: "none",
  is_true: "none",
  is_false: "none",
  before: "instant",
  after: "instant",
  within_last: "length",
  within_next: "length",
  more_than_ago: "length",
  anniversary_within: "length",
};

export const OPERATORS = Object.keys(KIND_OF);

export function valueKind(op: string): ValueKind {
  return KIND_OF[op] ?? "scalar";
}

const SET = ["is_set", "is_not_set"];
const USUAL: Record<string, string[]> = {
  string: ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "matches", ...SET],
  number: ["eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in", ...SET],
  boolean: ["is_true", "is_false", ...SET],
  date: ["within_last", "more_than_ago", "within_next", "anniversary_within", "before", "after", ...SET],
  array: ["contains", "not_contains", "in", ...SET],
};

function family(type: string): keyof typeof USUAL {
  if (type === "integer" || type === "number") return "number";
  if (type === "datetime" || type === "date") return "date";
  return type in USUAL ? type : "string";
}

/** The operators that fit the types seen at a path, the likeliest first, then all others. */
export function operatorsFor(types: readonly string[]): { usual: string[]; others: string[] } {
  if (types.length === 0) return { usual: OPERATORS, others: [] };
  const usual = [...new Set(types.flatMap((type) => USUAL[family(type)] ?? []))];
  return { usual, others: OPERATORS.filter((op) => !usual.includes(op)) };
}

/** Whether values at a path are numbers, as far as is known. */
export function isNumeric(types: readonly string[]): boolean {
  return types.length > 0 && types.every((type) => family(type) === "number");
}

/** The value that fits another operator: kept where it can be, else empty. */
export function valueFor(op: string, value: unknown): unknown {
  const scalar = (Array.isArray(value) ? value[0] : value) as Scalar | undefined;
  switch (valueKind(op)) {
    case "none":
      return undefined;
    case "list":
      return Array.isArray(value) ? value : scalar === undefined || scalar === "" ? [] : [scalar];
    case "pair":
      return Array.isArray(value) && value.length === 2
        ? value
        : typeof scalar === "number"
          ? [scalar, scalar]
          : [0, 100];
    case "text":
      return typeof scalar === "string" ? scalar : scalar === undefined ? "" : String(scalar);
    case "instant":
      return typeof scalar === "string" && /^\d{4}-/.test(scalar) ? scalar : "";
    case "length":
      return typeof scalar === "string" && /^\d+[smhdw]$/.test(scalar) ? scalar : "30d";
    default:
      return scalar ?? "";
  }
}
