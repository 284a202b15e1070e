import { expect, test } from "vitest";
import { describeFactor } from "./factor";

const say = (key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}`;

test.each([
  ["Product Added: times in 3 d: at least once", "factors.at_least_once_in", "Product Added"],
  ["Order Completed: times ever: at least once", "factors.at_least_once", "Order Completed"],
  ["Order Completed.total: mean: above 61.5", "factors.above", "feature.mean"],
  ["Product Viewed: last: less than 1.2 days ago", "factors.recent", "1.2"],
  ["trait language = fr", "factors.equals", '"what":"language","value":"fr"'],
])("%s", (factor, key, part) => {
  const told = describeFactor(say, factor);

  expect(told.startsWith(key)).toBe(true);
  expect(told.replaceAll("\\", "")).toContain(part);
});

test.each([
  ["Order Completed: overdue", "feature.overdue", "Order Completed"],
  ["target.total: sum in 30 d", "feature.sum_in", '"count":30'],
  ["trait birthday: days to the anniversary", "feature.anniversary", "birthday"],
  ["Order Completed.size = M: times ever", "feature.times_ever", "factors.equals"],
])("%s", (feature, key, part) => {
  const told = describeFactor(say, feature);

  expect(told.startsWith(key)).toBe(true);
  expect(told.replaceAll("\\", "")).toContain(part);
});

test("what it does not know it names as it is", () => {
  expect(describeFactor(say, "Order Completed: something new")).toBe("Order Completed: something new");
});
