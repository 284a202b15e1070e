import { describe, expect, it } from "vitest";
import { byDay, mergeMoments } from "./moments";
import { flatten, type Person, reachOf } from "./person";

const person = {
  addresses: [
    { channel: "email", address: "ana@shop.example", valid: true },
    { channel: "sms", address: "+33612340300", valid: false },
    { channel: "push", address: "tok", valid: true },
  ],
  suppressions: [{ channel: "email", address: "old@shop.example", reason: "bounced", at: "" }],
  consent: [
    { channel: "email", group: null, state: "subscribed", at: "" },
    { channel: "push", group: "offers", state: "subscribed", at: "" },
  ],
} as unknown as Person;

describe("people", () => {
  it("says whether a channel reaches them, and why not", () => {
    expect(["email", "sms", "push", "in_app"].map((channel) => reachOf(person, channel))).toEqual([
      "reachable", // the suppressed address is another
      "invalid",
      "unknown", // they agreed to a group, not to the channel
      "no_address",
    ]);
  });

  it("shows traits inside others by their path, and lists as they are", () => {
    expect(flatten({ a: { b: { c: 1 } }, tags: ["x"], none: null })).toEqual([
      ["a.b.c", 1],
      ["tags", ["x"]],
      ["none", null],
    ]);
  });

  it("tells each thing once, with its why", () => {
    const moments = mergeMoments(
      [
        { kind: "message", at: "2026-03-01T10:00:00.5Z", message_id: "m1", source: "journey:welcome" },
        { kind: "step", at: "2026-03-01T09:00:00Z", enrollment_id: "1", source: "journey:welcome", name: "Welcome" },
        { kind: "step", at: "2026-02-01T09:00:00Z", enrollment_id: "0", source: "journey:old", name: "Old" },
        { kind: "event", at: "2026-03-01T08:00:00Z", name: "Signed Up" },
      ],
      [
        {
          enrollment_id: "1",
          source: "journey:welcome",
          name: "Welcome",
          decisions: [
            { kind: "started", at: "2026-03-01T09:00:00Z", step: null, sentence: "came in" },
            { kind: "message", at: "2026-03-01T10:00:00.5Z", step: "hello", message_id: "m1", sentence: "handed over" },
          ],
        },
      ],
    );

    expect(moments.map((m) => [m.group, m.kind, m.sentence])).toEqual([
      ["sent", "message", "handed over"],
      ["decided", "started", "came in"],
      ["done", "event", undefined],
      ["decided", "step", undefined], // of a passage that was not explained any more
    ]);
    expect(byDay(moments, (at) => at.slice(0, 10)).map(([day, all]) => [day, all.length])).toEqual([
      ["2026-03-01", 3],
      ["2026-02-01", 1],
    ]);
  });
});
