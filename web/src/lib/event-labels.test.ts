import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventLabel, eventNote } from "./event-labels";

const NAMES = readFileSync(new URL("../../../src/relance/events/names.py", import.meta.url), "utf8");
// Segment's own, which a shop sends: it calls them as its code does.
const SENT_BY_SHOPS = new Set(["Page Viewed", "Screen Viewed", "Order Completed", "Application Opened"]);

test("every event that relance itself knows is called something in French", () => {
  const known = [...NAMES.matchAll(/^[A-Z_]+ = "([^"]+)"/gm)].map(([, name]) => name as string);
  const own = known.filter((name) => !SENT_BY_SHOPS.has(name));

  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((name) => eventNote(name, "fr") === undefined)).toEqual([]);
});

test("other events, and other languages, keep the name that is in the data", () => {
  expect(eventLabel("Order Completed", "fr")).toBe("Order Completed");
  expect(eventLabel("Email Opened", "en")).toBe("Email Opened");
  expect(eventLabel("constructor", "fr")).toBe("constructor");
});
