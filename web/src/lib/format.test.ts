import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { formatAgo, formatNumber, formatShare } from "./format";

const NOW = Date.parse("2026-03-10T12:00:00Z");

describe("figures in the language of the screen", () => {
  beforeAll(() => i18next.init({ lng: "fr", resources: {} }));

  it("writes numbers and shares as they are written in French", () => {
    expect(formatNumber(1234567).replace(/\s/g, " ")).toBe("1 234 567");
    expect(formatShare(0.1234).replace(/\s/g, " ")).toBe("12,3 %");
  });

  it("counts in the largest unit that is whole", () => {
    expect(formatAgo("2026-03-10T09:30:00Z", NOW)).toBe("il y a 2 heures");
    expect(formatAgo("2026-03-12T12:00:00Z", NOW)).toBe("après-demain");
    expect(formatAgo("2026-03-10T11:59:50Z", NOW)).toBe("il y a 10 secondes");
  });
});
