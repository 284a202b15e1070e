import { expect, test } from "vitest";
import { toDefinition, toForm } from "./form";

const HEAD = { kind: "campaign", id: "spring", name: "Spring", audience: { type: "in_segment", segment: "vip" } };

test.each<Record<string, unknown>>([
  { ...HEAD, schedule: { api: true }, message: { channel: "email", template: "t" } },
  {
    ...HEAD,
    schedule: { at: "2026-03-01T09:00:00Z" },
    message: { channel: "sms", template: "t", purpose: "transactional" },
  },
  {
    ...HEAD,
    schedule: { every: "week", on: ["mon"], at: "09:00", timezone: "profile", until: "2026-12-31" },
    message: { channels: { email: "a", push: "b" }, strategy: "first_reachable", expires_in: "1d" },
    variants: [{ id: "b", template: "t2", percent: 50 }],
    control_percent: 10,
    conversions: [{ event: "Order Completed", within: "3d" }],
  },
  {
    ...HEAD,
    schedule: { event: "Order Completed", where: [] },
    message: { channel: "webhook", template: "t" },
    conversions: [{ event: "A", within: "7d" }, { event: "B" }],
  },
])("a campaign comes back as it was: %j", (definition) => {
  expect(toDefinition(toForm(definition))).toEqual(definition);
});
