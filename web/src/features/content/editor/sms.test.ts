import { expect, test } from "vitest";
import { countSms } from "./sms";

test.each([
  ["", "gsm", 0, 160],
  ["a".repeat(160), "gsm", 1, 0],
  ["a".repeat(161), "gsm", 2, 145],
  ["€".repeat(80), "gsm", 1, 0],
  ["é".repeat(10), "gsm", 1, 150],
  ["ê".repeat(70), "ucs", 1, 0],
  ["ê".repeat(71), "ucs", 2, 63],
  ["🙂".repeat(35), "ucs", 1, 0],
  ["🙂".repeat(36), "ucs", 2, 61],
])("%#: %s", (text, encoding, parts, left) => {
  const told = countSms(text);

  expect([told.encoding, told.parts, told.left]).toEqual([encoding, parts, left]);
});

test("a sign of two units is not cut in two", () => {
  // 152 of the first part are used: the euro sign goes to the second
  expect(countSms(`${"a".repeat(152)}€${"a".repeat(20)}`).parts).toBe(2);
  expect(countSms(`${"a".repeat(152)}€${"a".repeat(20)}`).left).toBe(131);
});

test("it names what GSM-7 does not have", () => {
  expect(countSms("C’est prêt — oui").foreign).toEqual(["’", "ê", "—"]);
});
