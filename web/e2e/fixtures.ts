import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect };
export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

interface Fixtures {
  /** Of the screens; a spec for both languages says `test.use({ language })` in a loop. */
  language: Language;
  /** A page of whoever is signed in to the demo, who may do everything. What breaks in the browser's console fails the test. */
  app: Page;
  /** A name that no earlier try of the same test has taken; the shop keeps what it made. */
  fresh: (name: string) => string;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
  fresh: async ({}, use, { retry }) => use((name) => (retry ? `${name}-${retry}` : name)),
  language: ["en", { option: true }],
  app: async ({ page, language }, use) => {
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    page.on("console", (message) => {
      // Chromium writes every refused request there too; those are the business of the page that asked.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        broken.push(message.text());
    });
    await page.addInitScript((kept) => window.localStorage.setItem("relance.language", kept), language);
    const entered = await page.request.post("/api/v1/session/demo", { headers: { "X-Relance": "1" } });
    expect(entered.ok()).toBe(true);
    await use(page);
    expect(broken).toEqual([]);
  },
});

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function findings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

const ONLY_FRENCH = new Set(["segments-fr", "segment-template-fr"]);

const PHONE = { width: 360, height: 740 };

/** Nothing is wider than a narrow phone: what is, scrolls by itself, never the page. */
export async function expectToFit(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), name).toBe(PHONE.width);
  await page.screenshot({ path: `test-results/pictures/${name}-phone.png`, animations: "disabled" });
  if (before) await page.setViewportSize(before);
}

/**
 * No serious finding of axe (WCAG 2.2 AA), and a picture of the page among the artefacts. Then the same page in the dark, where only
 * the rule about contrast can find something else; and on a phone, in French where there is French, whose words are longer.
 */
export async function look(page: Page, name: string): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.screenshot({ path: `test-results/pictures/${name}.png`, animations: "disabled" });
  expect(await findings(new AxeBuilder({ page }).withTags(WCAG))).toEqual([]);
  if (!name.endsWith("-en")) await expectToFit(page, name);
  if (name.endsWith("-fr") && !ONLY_FRENCH.has(name)) return; // seen in the dark in English
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.screenshot({ path: `test-results/pictures/${name}-dark.png`, animations: "disabled" });
  expect(await findings(new AxeBuilder({ page }).withRules(["color-contrast"]))).toEqual([]);
  await page.emulateMedia({ colorScheme: null });
}
