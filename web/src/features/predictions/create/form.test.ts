import { expect, test } from "vitest";
import { draftOf, FIRST_FORM, idOf, targetOf } from "./form";

test("a filter has the type that its text stands for", () => {
  const filters = [
    { key: "a", path: "total", op: "gt", value: "20" },
    { key: "b", path: "currency", op: "eq", value: "EUR" },
    { key: "c", path: "", op: "eq", value: "x" },
  ];

  expect(targetOf({ ...FIRST_FORM, event: "Order Completed", filters })).toEqual({
    event: "Order Completed",
    where: [
      { path: "total", op: "gt", value: 20 },
      { path: "currency", op: "eq", value: "EUR" },
    ],
  });
});

test("there is no draft while something is missing", () => {
  expect(draftOf(FIRST_FORM)).toBeUndefined();
  expect(draftOf({ ...FIRST_FORM, kind: "value", event: "Order Completed" })).toBeUndefined();
  expect(draftOf({ ...FIRST_FORM, event: "A", about: "segment" })).toBeUndefined();
  expect(draftOf({ ...FIRST_FORM, event: "A", days: 400 })).toBeUndefined();
  expect(draftOf({ ...FIRST_FORM, kind: "churn", gone: ["A"], days: 7 })).toEqual({
    target: { churn: { all: [{ did_not: "A" }] } },
    window: "7d",
  });
});

test("an id is plain", () => {
  expect(idOf("Qui va commander ? (été)")).toBe("qui-va-commander-ete");
});
