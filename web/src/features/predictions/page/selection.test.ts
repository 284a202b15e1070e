import { expect, test } from "vitest";
import type { Steps } from "../api";
import { FIRST_CHOICE, panelOfCategories, panelOfRange, selectionOf, withBound } from "./selection";

/** Four people with scores 0, 40, 40 and 100, expected to act .1, .4, .4 and .9 times. */
function steps(): Steps {
  const scores = [0, 40, 40, 100];
  const chances = [0.1, 0.4, 0.4, 0.9];
  const at = (fits: (score: number, step: number) => boolean, weights: number[]) =>
    Array.from({ length: 101 }, (_, step) =>
      scores.reduce((n, score, i) => n + (fits(score, step) ? (weights[i] ?? 0) : 0), 0),
    );
  const ones = [1, 1, 1, 1];
  return {
    people_below: at((score, step) => score < step, ones),
    people_up_to: at((score, step) => score <= step, ones),
    expected_below: at((score, step) => score < step, chances),
    expected_up_to: at((score, step) => score <= step, chances),
  };
}

test("both ends of a range are in it", () => {
  const panel = panelOfRange(steps(), 40, 100);

  expect(panel.selected).toBe(3);
  expect(panel.performers).toBeCloseTo(1.7);
  expect(panel.others).toBeCloseTo(1.3);
  expect(panel.audience).toBe(4);
  expect(panelOfRange(steps(), 41, 99).selected).toBe(0);
  expect(panelOfRange(steps(), 0, 0).selected).toBe(1);
});

test("categories add up", () => {
  const categories = {
    low: { people: 10, expected: 1 },
    medium: { people: 5, expected: 2 },
    high: { people: 5, expected: 4 },
  };

  expect(panelOfCategories(categories, ["medium", "high"])).toMatchObject({
    selected: 10,
    performers: 6,
    others: 4,
    allOthers: 13,
  });
});

test("a typed bound stays whole, in the scale, and on its side", () => {
  expect(withBound([20, 60], 0, 72.4)).toEqual([60, 60]);
  expect(withBound([20, 60], 1, 140)).toEqual([20, 100]);
  expect(withBound([20, 60], 0, 12.6)).toEqual([13, 60]);
});

test("a selection has categories in their order", () => {
  expect(selectionOf({ ...FIRST_CHOICE, by: "category", categories: ["high", "low"] })).toEqual({
    category: ["low", "high"],
  });
});
