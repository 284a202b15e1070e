import { expect, test } from "vitest";
import type { Condition } from "./condition";
import { askOf, tailOf, withAsk, withSide, writeTail } from "./predicted";
import { oneLine, tell } from "./sentence";
import { english } from "./words-en";

const HIGH: Condition = { type: "predicted", prediction: "buys", score: { gte: 75, lte: 100 }, within: "7d" };

test("a prediction asked another way keeps its age and has one question", () => {
  const top = withAsk(HIGH, "top");

  expect(top).toEqual({ type: "predicted", prediction: "buys", top: 1000, within: "7d" });
  expect(askOf(top)).toBe("top");
});

test("percentiles are said as shares of all, both ways", () => {
  expect(tailOf({ gte: 90 })).toEqual({ end: "highest", share: 10 });
  expect(tailOf({ gte: 99.9 })).toEqual({ end: "highest", share: 0.1 });
  expect(writeTail({ end: "highest", share: 0.1 })).toEqual({ gte: 99.9 });
  expect(writeTail({ end: "lowest", share: 25 })).toEqual({ lt: 25 });
  expect(tailOf({ gte: 50, lt: 75 })).toBeNull();
});

test("a bound is taken away, but never the last", () => {
  expect(withSide({ gt: 10, lte: 50 }, "from", undefined)).toEqual({ lte: 50 });
  expect(withSide({ lte: 50 }, "to", undefined)).toEqual({ lte: 50 });
  expect(withSide({ lte: 50 }, "from", 20)).toEqual({ gte: 20, lte: 50 });
});

function say(key: string, values: object = {}): string {
  const found = (words: object, path: string): unknown =>
    path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], words);
  const told = found(english, key) ?? found(english, `${key}_other`);
  return String(told).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String((values as Record<string, unknown>)[name]));
}

test.each<[object, string]>([
  [{ percentile: { gte: 90 } }, "People who are among the 10% with the highest scores of “buys”."],
  [{ percentile: { gte: 50, lt: 75 } }, "People whose percentile by “buys” is at least 50 and less than 75."],
  [
    { top: 1000, within: "7d" },
    "People who have one of the 1,000 highest scores of “buys”, scored in the last 7 days.",
  ],
  [{ value: { gte: 50 } }, "People of whom “buys” expects at least 50."],
])("a prediction in plain words: %j", (asked, told) => {
  const sentence = tell({ type: "predicted", prediction: "buys", ...asked }, say, (_, id) => id);

  expect(oneLine(sentence, say)).toBe(told);
});
