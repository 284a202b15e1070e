import { expect, LANGUAGES, look, test } from "./fixtures";

const WORDS = {
  en: {
    new: "New journey",
    name: "Name",
    cart: "Abandoned cart",
    create: "Create",
    settings: "Settings",
    template: "Template",
    publish: "Publish",
    sound: /It can be published|Everything checks out/,
    walk: "Walk every path",
    planned: "Every path went as planned.",
    errors: /errors?$/,
    design: "Design",
    test: "Test",
    add: /^Add a step between/,
    waitKind: "Wait",
    saved: "Saved",
    undo: "Undo",
  },
  fr: {
    new: "Nouveau parcours",
    name: "Nom",
    cart: "Panier abandonné",
    create: "Créer",
    settings: "Réglages",
    template: "Modèle",
    publish: "Publier",
    sound: /Il peut être publié|Tout est en ordre/,
    walk: "Parcourir tous les chemins",
    planned: "Tous les chemins se sont déroulés comme prévu.",
    errors: /erreurs?$/,
    design: "Conception",
    test: "Test",
    add: /^Ajouter une étape entre/,
    waitKind: "Attendre",
    saved: "Enregistré",
    undo: "Annuler",
  },
} as const;

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ language });
    const words = WORDS[language];

    test("a journey is made, checked, walked, published and read", async ({ app, fresh }) => {
      const name = fresh(`E2E cart ${language}`);
      const id = name.toLowerCase().replaceAll(" ", "-");
      await app.goto("/journeys");
      await app.getByRole("button", { name: words.new }).first().click();
      await app.getByLabel(words.name, { exact: true }).fill(name);
      await app.getByRole("radio", { name: words.cart }).click();
      await app.getByRole("button", { name: words.create, exact: true }).click();
      await expect(app).toHaveURL(new RegExp(`/journeys/${id}/design$`));

      // three templates are to be chosen: the problems lead there
      await app.getByRole("button", { name: words.errors }).click();
      for (const [step, template] of [
        ["remind", "Cart: it is waiting (email)"],
        ["text", "Cart: still yours (SMS)"],
        ["last", "Cart: last day (push)"],
      ] as const) {
        await app.locator(`.react-flow__node[data-id=${step}]`).click();
        await app.getByRole("complementary").getByRole("combobox", { name: words.template }).click();
        await app.getByRole("option", { name: template }).click();
      }
      await expect(app.getByRole("status").getByText(words.saved)).toBeVisible();
      await expect(app.getByRole("button", { name: words.errors })).toHaveCount(0);

      // a wait put on a way, and taken back
      await app.getByRole("button", { name: words.add }).nth(1).click();
      await app.keyboard.type(words.waitKind);
      await app.keyboard.press("Enter");
      await expect(app.locator(".react-flow__node[data-id=wait]")).toBeVisible();
      await look(app, `journey-design-${language}`);
      await app.getByRole("button", { name: words.undo, exact: true }).click();
      await expect(app.locator(".react-flow__node[data-id=wait]")).toHaveCount(0);
      await expect(app.getByRole("status").getByText(words.saved)).toBeVisible();

      await app.getByRole("tab", { name: words.test, exact: true }).click();
      await app.getByRole("button", { name: words.walk }).click();
      await expect(app.getByText(words.planned)).toBeVisible();
      await look(app, `journey-walk-${language}`);

      await app.getByRole("tab", { name: words.design }).click();
      await app.getByRole("button", { name: words.publish, exact: true }).click();
      const dialog = app.getByRole("dialog");
      await expect(dialog.getByText(words.sound)).toBeVisible();
      await look(app, `journey-publish-${language}`);
      await dialog.getByRole("button", { name: words.publish, exact: true }).click();
      await expect(app).toHaveURL(new RegExp(`/journeys/${id}/?$`));
      await expect(app.locator(".react-flow__node[data-id=remind]")).toBeVisible();
      await look(app, `journey-results-${language}`);

      await app.goto("/journeys");
      await expect(app.getByRole("link", { name }).first()).toBeVisible();
      await look(app, `journeys-${language}`);
    });
  });
}
