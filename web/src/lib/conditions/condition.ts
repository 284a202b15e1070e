/** Conditions as the server knows them (the one language of segments, branches and audiences), as plain JSON. */

export type Scalar = string | number | boolean;

export interface Condition {
  type: string;
  [field: string]: unknown;
}

export interface Clause {
  path?: string;
  op?: string;
  value?: unknown;
  ignore_case?: boolean;
  [field: string]: unknown;
}

export type Limits = Partial<Record<"eq" | "ne" | "gt" | "gte" | "lt" | "lte", Scalar>>;

export const GROUP_TYPES = ["all", "any"] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

export const LEAF_TYPES = [
  "did",
  "sequence",
  "trait",
  "can_receive",
  "subscribed",
  "predicted",
  "in_segment",
  "in_list",
  "message",
  "journey",
  "near",
  "bucket",
] as const;
export type LeafType = (typeof LEAF_TYPES)[number];

export const CHANNELS = ["email", "sms", "push", "in_app", "webhook"] as const;
export const CATEGORIES = ["low", "medium", "high"] as const;
export const STATUSES = [
  "sent",
  "blocked",
  "expired",
  "failed",
  "delivered",
  "opened",
  "clicked",
  "bounced",
  "replied",
] as const;
export const JOURNEY_STATES = ["active", "finished", "exited", "ever", "never"] as const;
export const AGGREGATES = ["sum", "avg", "min", "max", "count_distinct", "first", "last"] as const;
export const LIMIT_OPS = ["gte", "gt", "eq", "ne", "lt", "lte"] as const;

/** What a new condition says before anybody fills it in. */
export function emptyCondition(type: LeafType): Condition {
  switch (type) {
    case "did":
      return { type, event: "", within: "30d" };
    case "sequence":
      return { type, steps: [{ event: "" }, { event: "", within: "1d" }], within: "30d" };
    case "trait":
      return { type, path: "", op: "eq", value: "" };
    case "can_receive":
      return { type, channel: "email", because: "subscribed" };
    case "subscribed":
      return { type, group: "" };
    case "predicted":
      return { type, prediction: "", score: { gte: 75, lte: 100 } };
    case "in_segment":
      return { type, segment: "" };
    case "in_list":
      return { type, list: "" };
    case "message":
      return { type, source: "", status: ["sent"], within: "30d" };
    case "journey":
      return { type, journey: "", state: "active" };
    case "near":
      return { type, path: "location", lat: 48.85, lon: 2.35, km: 10 };
    case "bucket":
      return { type, salt: "sample", from: 0, to: 1000 };
  }
}

export function isCondition(value: unknown): value is Condition {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as Condition).type === "string"
  );
}

export function isLeafType(type: string): type is LeafType {
  return (LEAF_TYPES as readonly string[]).includes(type);
}

/** A copy with one field set; an undefined value takes it away. */
export function withField<T extends object>(source: T, name: string, value: unknown): T {
  const { [name]: _, ...rest } = source as Record<string, unknown>;
  if (value === undefined) return rest as T;
  return name in source ? ({ ...source, [name]: value } as T) : ({ ...rest, [name]: value } as T);
}
