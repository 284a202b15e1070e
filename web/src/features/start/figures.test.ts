import { describe, expect, it } from "vitest";
import { ceilingOf, findConcerns, type Report, seriesOf } from "./figures";

describe("the home page", () => {
  it("fills the days in which nothing was sent", () => {
    const days = {
      now: "2026-03-03T10:00:00Z",
      days: 4,
      items: [
        { on: "2026-03-01", channel: "email", status: "sent", messages: 5 },
        { on: "2026-03-03", channel: "email", status: "sent", messages: 2 },
        { on: "2026-03-03", channel: "sms", status: "sent", messages: 1 },
        { on: "2026-03-03", channel: "email", status: "blocked", messages: 9 },
      ],
    };

    expect(seriesOf(days, "sent")).toEqual([0, 5, 0, 3]);
    expect(seriesOf(days, "sent", "sms")).toEqual([0, 0, 0, 1]);
  });

  it("ends an axis at a round figure whose half is one too", () => {
    expect([0, 1, 3, 9, 26, 41, 399, 401].map(ceilingOf)).toEqual([2, 2, 4, 10, 40, 100, 400, 1000]);
  });

  it("names what needs attention, the worst first, and nothing that is only young", () => {
    const goal = { reached_percent: 20, target_percent: 50, met: false, certain: true };
    const one = { kind: "journey", entered: 9, inside: 3, state: "published" } as const;
    const reports: Report[] = [
      { ...one, id: "late", name: "Late", goal },
      { ...one, id: "young", name: "Young", goal: { ...goal, certain: false } },
      { ...one, id: "still", name: "Still", state: "paused", goal },
    ];
    const providers = [
      { channel: "sms", configured: false },
      { channel: "push", configured: false },
    ];
    const found = findConcerns({ status: "ready" }, providers, reports, undefined, [], new Set(["sms"]));

    expect(found.map(({ word, to }) => [word, to])).toEqual([
      ["provider", "/settings/channels"],
      ["goal", "/journeys/late"],
      ["paused", "/journeys/still"],
    ]);
  });
});
