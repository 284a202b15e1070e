import { expect, expectToFit, test } from "./fixtures";

// Those that no other spec looks at, by what is there once they are.
const PAGES: [path: string, shown: string][] = [
  ["/predictions", "table"],
  ["/predictions/new", "form, [role=radio], input"],
  ["/predictions/playbooks", "main a[href*=playbooks]"],
  ["/segments/three-cities-after-1980/edit", "main input"],
  ["/campaigns", "table"],
  ["/campaigns/new", "main input"],
  ["/imports", "main h1"],
  ["/lists", "main h1"],
  ["/content", "table"],
  ["/events?tab=registry", "table"],
  ["/events?tab=rejected", "main h1"],
  ["/events?tab=sources", "pre"],
  ["/events/Cart%20Abandoned", "table"],
  ["/journeys/abandoned-cart/test", ".react-flow__node"],
  ["/journeys/abandoned-cart/backtest", ".react-flow__node"],
  ["/journeys/abandoned-cart/versions", "table"],
  ["/settings/keys", "table"],
  ["/settings/account", "main h2, main h3"],
];

test.use({ language: "fr", viewport: { width: 360, height: 740 } });

test("no page is wider than a phone, however long a name is", async ({ app, fresh }) => {
  test.setTimeout(120_000);
  const name = `${"Personnesquiontregardélescollectionsdété".repeat(3)} ${"عملاء نظروا إلى المجموعة ".repeat(4)}`;
  const made = await app.request.post("/api/v1/lists", {
    headers: { "X-Relance": "1" },
    data: { id: fresh("long-name"), name },
  });
  expect(made.ok()).toBe(true);
  for (const [path, shown] of PAGES) {
    await app.goto(path);
    await expect(app.locator(shown).first()).toBeVisible();
    await expectToFit(app, `phone${path.replace(/\W+/g, "-")}`);
  }
});

test("a canvas fits a phone from its first picture on, and the open tab is in sight", async ({ app }) => {
  await app.goto("/journeys/abandoned-cart/test");
  await expect(app.locator(".react-flow__node[data-id=remind]")).toBeInViewport();
  await app.goto("/settings/account");
  await expect(app.getByRole("tab", { name: "Votre compte" })).toBeInViewport();
});
