import type { Condition } from "@/lib/conditions/condition";

/** A campaign as its screen holds it; definition → form → definition loses nothing. */

export type Channel = "email" | "sms" | "push";
export const CHANNELS: readonly Channel[] = ["email", "sms", "push"];

export type When =
  | { kind: "now" }
  | { kind: "once"; at: string }
  | {
      kind: "repeat";
      every: "day" | "week" | "month";
      on: (string | number)[];
      at: string;
      timezone: string;
      more: object;
    }
  | { kind: "other"; schedule: Record<string, unknown> };

export interface CampaignForm {
  id: string;
  name: string;
  audience: Condition;
  when: When;
  templates: Partial<Record<Channel, string>>;
  strategy: "all" | "first_reachable";
  conversion: string;
  message: Record<string, unknown>;
  more: Record<string, unknown>;
}

export const EVERYONE: Condition = { type: "all", of: [] };

function readWhen(schedule: unknown): When {
  if (schedule === undefined) return { kind: "now" };
  const { every, on, at, timezone, api, ...more } = schedule as Record<string, unknown>;
  if (api === true) return { kind: "now" };
  if (every === "day" || every === "week" || every === "month") {
    return {
      kind: "repeat",
      every,
      on: Array.isArray(on) ? (on as (string | number)[]) : [],
      at: typeof at === "string" ? at : "00:00",
      timezone: typeof timezone === "string" ? timezone : "",
      more,
    };
  }
  if (every === undefined && typeof at === "string") return { kind: "once", at };
  return { kind: "other", schedule: schedule as Record<string, unknown> };
}

function writeWhen(when: When): Record<string, unknown> {
  switch (when.kind) {
    case "now":
      return { api: true };
    case "once":
      return { at: when.at };
    case "other":
      return when.schedule;
    default:
      return {
        every: when.every,
        ...(when.on.length > 0 ? { on: when.on } : {}),
        at: when.at,
        ...(when.timezone ? { timezone: when.timezone } : {}),
        ...when.more,
      };
  }
}

export function toForm(definition: Record<string, unknown>): CampaignForm {
  const { id, name, audience, schedule, message, kind: _, conversions, ...more } = definition;
  const { channel, template, channels, strategy, ...rest } = (message ?? {}) as Record<string, unknown>;
  const templates = (channels ?? (channel ? { [String(channel)]: template } : {})) as CampaignForm["templates"];
  const first = Array.isArray(conversions) ? (conversions as Record<string, unknown>[]) : [];
  const simple = first.length === 1 && Object.keys(first[0] ?? {}).every((key) => key === "event" || key === "within");
  return {
    id: String(id ?? ""),
    name: String(name ?? id ?? ""),
    audience: (audience as Condition | undefined) ?? EVERYONE,
    when: readWhen(schedule),
    templates,
    strategy: strategy === "first_reachable" ? "first_reachable" : "all",
    conversion: simple && first[0]?.within === "3d" ? String(first[0]?.event ?? "") : "",
    message: rest,
    more: conversions === undefined || (simple && first[0]?.within === "3d") ? more : { ...more, conversions },
  };
}

export function toDefinition(form: CampaignForm): Record<string, unknown> {
  const chosen = Object.entries(form.templates).filter(([, template]) => template !== undefined);
  const [only] = chosen;
  const content =
    chosen.length === 1 && only
      ? { channel: only[0], template: only[1] }
      : { channels: Object.fromEntries(chosen), strategy: form.strategy };
  return {
    kind: "campaign",
    id: form.id,
    name: form.name,
    audience: form.audience,
    schedule: writeWhen(form.when),
    message: { ...content, ...form.message },
    ...(form.conversion ? { conversions: [{ event: form.conversion, within: "3d" }] } : {}),
    ...form.more,
  };
}

/** Those whom a campaign interested and who did not buy since: what an espresso shot is, of that campaign. */
export function interestedIn(campaign: string, channels: readonly Channel[], within = "72h"): Condition {
  const reached: Condition = { type: "can_receive", channel: channels[0] ?? "email", because: "subscribed" };
  return {
    type: "all",
    of: [
      { type: "message", source: `campaign:${campaign}`, status: ["opened", "clicked"], within },
      { type: "did", event: "Order Completed", times: { eq: 0 }, within },
      reached,
    ],
  };
}
