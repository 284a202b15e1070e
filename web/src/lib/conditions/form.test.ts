import { expect, test } from "vitest";
import type { Condition } from "./condition";
import { addNode, duplicateNode, moveNode, removeNode, stepNode, unwrapNode } from "./edits";
import { type GroupNode, leafOf, pointersOf, problemsByNode, toDefinition, toForm } from "./form";

const A: Condition = { type: "did", event: "A", where: [{ path: "x", op: "eq", value: 1 }], within: "72h" };
const B: Condition = { type: "trait", path: "plan", op: "eq", value: "pro" };

test.each<Condition>([
  A,
  { type: "all", of: [] },
  { type: "any", of: [] },
  { type: "not", of: A },
  { type: "not", of: { type: "not", of: { type: "any", of: [A, { type: "not", of: B }] } } },
  { type: "all", of: [A, { type: "any", of: [B, { type: "all", of: [A] }] }] },
  { type: "all", of: [{ type: "from_tomorrow", knows: { more: [1, 2] } }, A] },
  { type: "all", of: "not a list" },
  { type: "all", of: [A], note: "unknown field" },
  { type: "not", of: [A] },
])("a definition comes back as it was: %j", (where) => {
  expect(toDefinition(toForm(where))).toEqual(where);
});

test("a second condition beside a bare one makes a group", () => {
  const form = toForm(A);

  expect(toDefinition(addNode(form, form.root.key, leafOf(B)))).toEqual({ type: "all", of: [A, B] });
});

test("a problem is found at the condition it points to", () => {
  const form = toForm({ type: "all", of: [A, { type: "not", of: { type: "any", of: [B] } }] });
  const inner = form.root.children[1] as GroupNode;
  const problems = [{ path: "/where/of/0/where/0/op" }, { path: "/where/of/1/of/of/0/path" }, { path: "/name" }];

  const found = problemsByNode(form, problems, "/where");

  expect(found.get(form.root.children[0]?.key ?? "")).toEqual([problems[0]]);
  expect(found.get(inner.children[0]?.key ?? "")).toEqual([problems[1]]);
  expect(found.get(form.root.key)).toEqual([problems[2]]);
  expect(pointersOf(form, "/where").get(inner.key)).toBe("/where/of/1/of");
});

test("a step down goes into a group, through it and out of it", () => {
  let form = toForm({ type: "all", of: [A, { type: "any", of: [B] }] });
  const key = form.root.children[0]?.key ?? "";
  const seen: Condition[] = [];
  for (let n = 0; n < 3; n++) {
    form = stepNode(form, key, 1);
    seen.push(toDefinition(form));
  }

  expect(seen).toEqual([
    { type: "all", of: [{ type: "any", of: [A, B] }] },
    { type: "all", of: [{ type: "any", of: [B, A] }] },
    { type: "all", of: [{ type: "any", of: [B] }, A] },
  ]);
});

test("a group is never moved into itself", () => {
  const form = toForm({ type: "all", of: [{ type: "any", of: [B] }, A] });
  const key = form.root.children[0]?.key ?? "";

  expect(moveNode(form, key, key, 0)).toBe(form);
});

test("copies, removals and dissolved groups leave the rest as it was", () => {
  const form = toForm({ type: "all", of: [A, { type: "any", of: [B, B] }] });
  const [first, group] = form.root.children;

  expect(toDefinition(duplicateNode(form, first?.key ?? ""))).toEqual({
    type: "all",
    of: [A, A, { type: "any", of: [B, B] }],
  });
  expect(toDefinition(unwrapNode(form, group?.key ?? ""))).toEqual({ type: "all", of: [A, B, B] });
  expect(toDefinition(removeNode(form, group?.key ?? ""))).toEqual({ type: "all", of: [A] });
});
