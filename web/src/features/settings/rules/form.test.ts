import { describe, expect, it } from "vitest";
import { elsewhere, problemAt, toDefinition, toForm } from "./form";

const WRITTEN = {
  kind: "settings",
  timezone: "Europe/Paris",
  lateness: "10m",
  consent: { push: "opt_out" },
  frequency_caps: [{ max: 1, per: "1w" }],
  quiet_hours: { from: "21:00", to: "08:00" },
};

describe("the form of the rules", () => {
  it("fills in what holds where nothing is said, and means the same after a save", () => {
    const form = toForm(WRITTEN);

    expect(form.consent).toEqual({ email: "opt_in", sms: "opt_in", push: "opt_out", in_app: "none", webhook: "none" });
    expect(form.caps).toEqual([{ channel: "any", max: 1, per: "1w" }]);
    expect(toForm(toDefinition(form, WRITTEN))).toEqual(form);
  });

  it("leaves out what was taken away, and keeps what it does not know", () => {
    const form = { ...toForm(WRITTEN), caps: [], quiet: null };

    expect(toDefinition(form, { ...WRITTEN, later: 1 })).toEqual({
      kind: "settings",
      timezone: "Europe/Paris",
      lateness: "10m",
      consent: form.consent,
      later: 1,
    });
  });

  it("puts problems at their fields, and the rest above", () => {
    const problems = [
      { code: "a", message: "too small", path: "/frequency_caps/0/max" },
      { code: "b", message: "no such field", path: "/later" },
    ];

    expect(problemAt(problems, "/frequency_caps/0")).toBe("too small");
    expect(problemAt(problems, "/frequency_caps/1")).toBeUndefined();
    expect(elsewhere(problems).map(({ code }) => code)).toEqual(["b"]);
  });
});
