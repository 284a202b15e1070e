import { expect, test } from "vitest";
import { circlesOf, commonArea } from "./venn";

test.each([
  [100, 100, 50],
  [400, 100, 30],
  [1000, 40, 39],
])("areas are as the figures: %i, %i, %i in both", (first, second, both) => {
  const { a, b, apart } = circlesOf(first, second, both);
  const most = Math.max(first, second);

  expect((Math.PI * a * a * most) / Math.PI).toBeCloseTo(first);
  expect((commonArea(a, b, apart) * most) / Math.PI).toBeCloseTo(both, 1);
});

test("apart, one within the other, and nobody at all", () => {
  const far = circlesOf(10, 10, 0);
  const within = circlesOf(100, 25, 25);

  expect(far.apart).toBeGreaterThan(far.a + far.b);
  expect(within.apart).toBeLessThanOrEqual(within.a - within.b + 1e-6);
  expect(circlesOf(0, 0, 0).a).toBe(0);
});
