import { test as plain } from "@playwright/test";
import { expect, LANGUAGES, look, test } from "./fixtures";

plain("whoever sits at the machine enters the demo with one click, and leaves", async ({ page }) => {
  await page.goto("/segments");
  await look(page, "sign-in");
  await page.getByRole("button", { name: "Open the demo" }).click();
  await expect(page).toHaveURL(/\/segments$/);
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("button", { name: "Open the demo" })).toBeVisible();
  expect((await page.request.get("/api/v1/journeys")).status()).toBe(401);
});

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });

    test("people and pages are found by the keyboard", async ({ app }) => {
      await app.goto("/segments");
      await expect(app.getByRole("navigation")).toBeVisible();
      await app.keyboard.press("Control+k");
      await expect(app.getByRole("combobox")).toBeFocused();
      const found = app.getByRole("listbox");
      await app.keyboard.type("predi");
      await expect(found.getByRole("option").first()).toContainText(language === "fr" ? "Prédictions" : "Predictions");
      await look(app, `search-${language}`);
      await app.keyboard.press("Enter");
      await expect(app).toHaveURL(/\/predictions$/);
    });
  });
}

test("whoever's session ends goes on where they were, with what they typed", async ({ app, context, fresh }) => {
  await app.goto("/segments/new");
  const name = app.getByRole("textbox", { name: "Name" });
  await name.fill(fresh("Kept through"));
  await context.clearCookies();
  await app.getByRole("button", { name: "Create segment" }).click();
  const again = app.getByRole("dialog", { name: "Your session has ended" });
  await look(app, "session-ended");
  await again.getByRole("button", { name: "Open the demo" }).click();
  await expect(again).toHaveCount(0);
  await expect(name).toHaveValue(fresh("Kept through"));
  await app.getByRole("button", { name: "Create segment" }).click();
  await expect(app.getByRole("heading", { name: fresh("Kept through") })).toBeVisible();
});

test("whoever may not do something is told why, before they try", async ({ app, browser, baseURL, fresh }) => {
  const email = `${fresh("looks")}@shop.example`;
  const headers = { "X-Relance": "1" };
  const made = await app.request.post("/api/v1/users", { headers, data: { email, name: "Vera", role: "viewer" } });
  const token = ((await made.json()) as { link: string }).link.split("#")[1];
  const theirs = await browser.newContext({ ...(baseURL ? { baseURL } : {}) });
  const chosen = await theirs.request.put("/api/v1/session/link", {
    headers,
    data: { token, email, name: "Vera", password: "correct horse battery" },
  });
  expect(chosen.ok()).toBe(true);
  const page = await theirs.newPage();
  await page.goto("/imports/new");
  const choose = page.getByRole("button", { name: "Choose a file" });
  await expect(choose).toHaveAttribute("aria-disabled", "true");
  await choose.hover();
  await expect(page.getByRole("tooltip")).toContainText("Publisher");
  await page.goto("/settings/users");
  await expect(page.getByRole("alert")).toContainText("Admin");
  await expect(page.getByRole("button", { name: "Invite somebody" })).toHaveCount(0);
  await theirs.close();
});
