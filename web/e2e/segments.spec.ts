import { expect, look, test } from "./fixtures";

test("a segment is built, saved, explained and used for a campaign", async ({ app, fresh }) => {
  await app.goto("/segments/new");
  await app.getByRole("textbox", { name: "Name" }).fill(fresh("Buyers in Paris"));
  // By the keyboard: the menu, the condition, its event.
  await app.getByRole("button", { name: "Add condition" }).focus();
  await app.keyboard.press("Enter");
  await app.getByRole("menuitem", { name: "Did something, or not" }).press("Enter");
  await app.getByRole("combobox", { name: "Choose an event" }).fill("Order Completed");
  await app.keyboard.press("Escape");
  await app.getByRole("button", { name: "Add condition" }).click();
  await app.getByRole("menuitem", { name: "Trait of the profile" }).click();
  await app.getByRole("combobox", { name: "Trait" }).fill("address.city");
  await app.keyboard.press("Escape");
  await app.getByRole("combobox", { name: "Value", exact: true }).fill("Paris");
  await app.keyboard.press("Escape");
  await expect(app.getByText("who did “Order Completed” in the last 30 days")).toBeVisible();
  await expect(app.getByText(/^[1-9][0-9.]*% of [0-9,]+ people/)).toBeVisible();
  // The second condition goes before the first, by the keyboard alone.
  const grips = app.locator("[data-grip]");
  await grips.nth(1).focus();
  await app.keyboard.press("Alt+ArrowUp");
  await expect(grips.first()).toBeFocused();
  await look(app, "segment-builder");
  await app.getByRole("button", { name: "Create segment" }).click();

  await expect(app.getByRole("heading", { name: fresh("Buyers in Paris") })).toBeVisible();
  await expect(app.getByRole("img", { name: /Size over/ })).toBeVisible();
  await look(app, "segment");
  await app.getByRole("tab", { name: "Members" }).click();
  await app.getByRole("button", { name: "Why?" }).first().click();
  await expect(app.getByText(/is in it$/)).toBeVisible();

  await app.getByRole("button", { name: "Use it" }).click();
  await app.getByRole("menuitem", { name: "Create campaign" }).click();
  await app.getByRole("textbox", { name: "Name" }).fill(fresh("Hello Paris"));
  await app.getByRole("button", { name: "Next" }).click();
  await app.getByRole("combobox", { name: "Template" }).click();
  await app.getByRole("option", { name: "Spring letter, once more" }).click();
  await app.getByRole("textbox", { name: "Subject" }).fill("For Paris alone");
  await look(app, "campaign-content");
  await app.getByRole("button", { name: "Next" }).click();
  await app.getByRole("button", { name: "Next" }).click();
  await app.getByRole("button", { name: "Send now" }).click();
  await app.getByRole("dialog").getByRole("button", { name: "Send now" }).click();
  await expect(app).toHaveURL(`/campaigns/${fresh("hello-paris")}`);
  await expect(app.getByRole("link", { name: fresh("Hello Paris"), exact: true })).toBeVisible();
  await look(app, "campaign");
});

test("a list is pasted; a file is looked at, then imported", async ({ app, fresh }) => {
  await app.goto("/lists");
  await app.getByRole("button", { name: "New list" }).first().click();
  await app.getByRole("textbox", { name: "Name" }).fill(fresh("Beta testers"));
  await app.getByRole("textbox", { name: "Whom?" }).fill("c00001\nc00002\nnobody-at-all");
  await app.getByRole("button", { name: "Create list" }).click();
  await expect(app.getByRole("link", { name: "c00001" })).toBeVisible();
  await look(app, "list");

  await app.goto("/imports/new");
  const rows = ["customer_id;email;first_name", "x1;x1@example.org;Ana", "x2;x2@example.org;Bo"].join("\n");
  const file = { name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(rows) };
  await app.locator("input[type=file]").setInputFiles(file);
  await expect(app.getByText("This is what the columns seem to be.", { exact: false })).toBeVisible();
  await look(app, "import-mapping");
  await app.getByRole("button", { name: "Import", exact: true }).click();
  await expect(app.getByText("Done")).toBeVisible();
});

test.describe("fr", () => {
  test.use({ language: "fr" });

  test("the list, the templates and a page are French", async ({ app }) => {
    await app.goto("/segments");
    await expect(app.getByRole("link", { name: "Nouveau segment" })).toBeVisible();
    await expect(app.getByRole("row")).not.toHaveCount(1);
    await look(app, "segments-fr");
    await app.goto("/segments/templates");
    await app.getByText("Espresso e-mail").click();
    await expect(app.getByText("en feraient partie en ce moment")).toBeVisible();
    await look(app, "segment-template-fr");
  });
});
