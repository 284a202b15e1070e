import { expect, look, test } from "./fixtures";

// The first build begins as the shop opens; it takes some ten seconds of one core.
const BUILT = { timeout: 90_000 };

test("a selection of scores becomes a segment", async ({ app, fresh }) => {
  test.setTimeout(150_000);
  await app.goto("/predictions");
  await app.getByRole("link", { name: "Orders within three days" }).click();
  const lowest = app.getByRole("slider", { name: "Lowest score" });
  await expect(lowest).toBeVisible(BUILT);
  await look(app, "prediction");

  // the panel follows at once, and agrees with the server
  const selected = app.getByTestId("selected");
  await app.getByLabel("From").fill("0");
  await expect(lowest).toHaveAttribute("aria-valuenow", "0");
  const everybody = Number((await selected.innerText()).replace(/\D/g, ""));
  await app.getByLabel("From").fill("60");
  await expect(lowest).toHaveAttribute("aria-valuenow", "60");
  const told = await app.request.post("/api/v1/predictions/buys-3d/panel", {
    data: { score: { gte: 60, lte: 100 } },
    headers: { "X-Relance": "1" },
  });
  const panel = await told.json();
  expect(panel.audience).toBe(everybody);
  await expect(selected).toHaveText(String(panel.selected));

  await app.getByRole("button", { name: "Create segment" }).click();
  await app.getByRole("textbox", { name: "Name" }).fill(fresh("Likely buyers"));
  await app.getByRole("button", { name: "Create", exact: true }).click();
  await expect(app.getByText(`The segment “${fresh("Likely buyers")}” is made.`)).toBeVisible();
});

test("people of a selection are told with their reasons, and a playbook is kept as drafts", async ({ app }) => {
  test.setTimeout(150_000);
  await app.goto("/predictions/buys-3d");
  await app.getByRole("tab", { name: "People" }).click(BUILT);
  await app
    .getByRole("button", { name: /^Why .+ has this score$/ })
    .first()
    .click();
  await expect(app.getByText("Shown are the features that moved this score most.")).toBeVisible();
  await look(app, "prediction-people");

  await app.getByRole("link", { name: "Start from a playbook" }).click();
  await app.getByRole("link", { name: "Likely to act", exact: true }).click();
  await expect(app.getByText("buys-3d-cart-reminder")).toBeVisible();
  await look(app, "playbook");
  await app.getByRole("button", { name: "Keep as drafts" }).click();
  await expect(app.getByRole("heading", { name: "It is kept as drafts" })).toBeVisible();
  await app.getByRole("link", { name: "Open the journey" }).click();
  await expect(app.locator(".react-flow__node[data-id=remind]")).toBeVisible();
});

test("a template is written, looked at and tried", async ({ app }) => {
  await app.goto("/content/cart-sms");
  await expect(app.getByText("GSM-7")).toBeVisible();
  await look(app, "template");
  await app.getByRole("button", { name: "Send a test" }).click();
  await app.getByLabel("Phone number").fill("+33639980000");
  await app.getByRole("button", { name: "Send", exact: true }).click();
  await expect(app.getByText("The provider took the test to +33639980000.")).toBeVisible();
});

test("an event is tried without being sent", async ({ app }) => {
  await app.goto("/events");
  await look(app, "events");
  await app.getByRole("button", { name: "Try an event" }).click();
  const asked = app.getByRole("dialog");
  await asked.getByLabel("Event").fill("Cart Abandoned");
  await asked.getByLabel("Properties (JSON)").fill('{"cart_total": 30}');
  await asked.getByRole("button", { name: "See what it would do" }).click();
  await expect(asked.getByText("journey › abandoned-cart").first()).toBeVisible();
  await expect(asked.getByText("does not match").first()).toBeVisible();
});
