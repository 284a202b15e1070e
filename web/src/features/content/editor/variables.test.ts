import { expect, test } from "vitest";
import { likelyEvent, variablesOf, wordBefore } from "./variables";

test("a word is completed within marks alone", () => {
  expect(wordBefore("Hello {{ prof")).toEqual({ from: 9, filter: false });
  expect(wordBefore("Hello {{ profile.name | de")).toEqual({ from: 24, filter: true });
  expect(wordBefore("{% if profile.")).toEqual({ from: 6, filter: false });
  expect(wordBefore("Hello {{ name }} prof")).toBeUndefined();
  expect(wordBefore("Hello")).toBeUndefined();
});

test("paths that Liquid cannot name are left out", () => {
  const names = variablesOf(["first_name", "two words"], { name: "Cart", paths: ["products.price"] }, [
    { id: "buys-3d", amounts: false, dates: true },
    { id: "spend", amounts: true, dates: false },
  ]).map((v) => v.name);

  expect(names).toContain("profile.first_name");
  expect(names).toContain("event.properties.products.price");
  expect(names).toContain("predictions.buys-3d.score");
  expect(names).toContain("predictions.buys-3d.next_at");
  expect(names).toContain("predictions.spend.value");
  expect(names).not.toContain("predictions.buys-3d.value");
  expect(names.some((name) => name.includes("two words"))).toBe(false);
});

test("the event with most of the named properties is looked at first", () => {
  const events = [
    { name: "Order Completed", definitions: [{ schema: { total: "number", cart_id: "string" } }] },
    { name: "Cart Abandoned", definitions: [{ schema: { cart_id: "string", cart_total: "number" } }] },
    { name: "Page Viewed", definitions: [] },
  ];

  expect(likelyEvent(["{{ event.properties.cart_id }}: {{ event.properties.cart_total }}"], events)).toBe(
    "Cart Abandoned",
  );
  expect(likelyEvent(["Hello"], events)).toBeNull();
});
