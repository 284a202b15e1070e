import { expect, test } from "vitest";
import { mappingOf, rolesOf } from "./mapping";

test.each([
  [
    {
      columns: { total: "number" },
      events: [
        {
          id: "event",
          type: "track",
          event: "Order Completed",
          user_id: "who",
          timestamp: "at",
          properties: { total: "total" },
        },
      ],
    },
  ],
  [{ events: [{ id: "person", type: "identify", user_id: "mail", traits: { email: "mail", city: "city" } }] }],
  [
    {
      csv: { delimiter: ";" },
      events: [
        { id: "event", type: "track", event: { column: "what" }, user_id: "who", timestamp: "at", properties: {} },
      ],
    },
  ],
])("a mapping that was guessed comes back as it was: %j", (mapping) => {
  const roles = rolesOf(mapping, ["who", "at", "total", "mail", "city", "what"]);

  expect(roles && mappingOf(roles, mapping)).toEqual(mapping);
});

test("a mapping that says more is left to its text", () => {
  expect(rolesOf({ group: { by: ["invoice"] }, events: [{ type: "track", user_id: "who" }] }, ["who"])).toBeNull();
});

test("a column that is left out is in no event", () => {
  const mapping = {
    events: [{ id: "person", type: "identify", user_id: "who", traits: { city: "city", plan: "plan" } }],
  };
  const roles = rolesOf(mapping, ["who", "city", "plan"]);
  const changed = roles && mappingOf({ ...roles, columns: { ...roles.columns, plan: "none" } }, mapping);

  expect(changed).toEqual({ events: [{ id: "person", type: "identify", user_id: "who", traits: { city: "city" } }] });
});
