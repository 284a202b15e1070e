// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from "vitest";
import { i18next } from "./language";
import { addWords, typeset } from "./words";

describe("words with figures in them", () => {
  beforeAll(async () => {
    addWords(
      "try",
      {
        goal: "{{reached}} %",
        people_one: "{{count}} person",
        people_other: "{{count}} people",
        scope: { "a:b": "x" },
      },
      {
        goal: "{{reached}} %",
        people_one: "{{count}} personne",
        people_other: "{{count}} personnes",
        scope: { "a:b": "y" },
      },
    );
    await i18next.changeLanguage("fr");
  });

  it("writes them as the language does", () => {
    const t = i18next.getFixedT("fr", "try");

    expect(t("goal", { reached: 5.6 })).toBe("5,6\u00a0%");
    expect(t("people", { count: 12_345 }).replace(/\s/g, " ")).toBe("12 345 personnes");
    expect(t("goal", { reached: "v2" })).toBe("v2\u00a0%");
  });

  it("keeps French signs with their words", () => {
    expect(typeset("Supprimer « Été » : sûr ? 5 %")).toBe("Supprimer «\u00a0Été\u00a0»\u00a0: sûr\u00a0? 5\u00a0%");
    expect(i18next.getFixedT("fr", "try")("goal", { reached: 1 })).toBe("1\u00a0%");
  });

  it("reads a colon in a key as part of it", () => {
    expect(i18next.getFixedT("fr", "try")("scope.a:b")).toBe("y");
  });
});
