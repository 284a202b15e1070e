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
