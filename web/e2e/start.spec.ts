import { expect, LANGUAGES, look, test } from "./fixtures";

const WORDS = {
  en: {
    attention: "Needs attention",
    runs: "What runs",
    people: "People",
    find: "Name, email, phone, id or any trait",
    known: "Known",
    anonymous: "Anonymous",
    visitor: "Anonymous visitor",
    timeline: "Timeline",
    more: "More actions",
    erase: "Erase this person…",
    eraseAct: "Erase for good",
    refuse: "Also refuse what comes later with their ids",
    type: (id: string) => `Type ${id} to confirm`,
    nobody: "Nothing matches.",
    newSource: "New source",
    copied: "I have copied it",
    users: "Users",
    invite: "Invite somebody",
    email: "Email address",
    channels: "Channels",
    try: "Send a test",
    trySend: "Send the test",
    tried: /^Handed over for/,
    rules: "Sending rules",
    caps: "Frequency caps",
    addCap: "Add a cap",
    most: "At most",
    saveRules: "Save the rules",
    wantNumbers: "Write how many messages, and in what time.",
    saved: /^The rules are saved as version/,
    audit: "Audit log",
  },
  fr: {
    attention: "À surveiller",
    runs: "En ce moment",
    people: "Personnes",
    find: "Nom, e-mail, téléphone, identifiant ou attribut",
    known: "Connues",
    anonymous: "Anonymes",
    visitor: "Visiteur anonyme",
    timeline: "Historique",
    more: "Autres actions",
    erase: "Effacer cette personne…",
    eraseAct: "Effacer définitivement",
    refuse: "Refuser aussi ce qui arrivera plus tard avec ses identifiants",
    type: (id: string) => `Saisissez ${id} pour confirmer`,
    nobody: "Aucun résultat.",
    newSource: "Nouvelle source",
    copied: "C’est copié",
    users: "Utilisateurs",
    invite: "Inviter quelqu’un",
    email: "Adresse e-mail",
    channels: "Canaux",
    try: "Envoyer un test",
    trySend: "Envoyer le test",
    tried: /^Remis au prestataire pour/,
    rules: "Règles d’envoi",
    addCap: "Ajouter un plafond",
    most: "Au plus",
    saveRules: "Enregistrer les règles",
    wantNumbers: "Indiquez combien de messages, et en combien de temps.",
    saved: /^Règles enregistrées/,
    caps: "Plafonds de fréquence",
    audit: "Journal d’audit",
  },
};

for (const language of LANGUAGES) {
  const words = WORDS[language];
  test.describe(language, () => {
    test.use({ language });

    test("home leads to what runs, people tell their life with its reasons", async ({ app }) => {
      await app.goto("/");
      await expect(app.getByRole("heading", { name: words.attention })).toBeVisible();
      await expect(app.getByRole("table", { name: words.runs }).getByRole("link").first()).toBeVisible();
      await look(app, `home-${language}`);
      await app.getByRole("link", { name: words.people, exact: true }).click();
      await expect(app).toHaveTitle(`${words.people} · relance`);
      await app.getByText(words.anonymous, { exact: true }).click();
      await expect(app).toHaveURL(/who=anonymous/);
      await expect(app.getByRole("link", { name: words.visitor }).first()).toBeVisible();
      await app.getByText(words.known, { exact: true }).click();
      await expect(app).toHaveURL(/\/people$/);
      await app.getByRole("searchbox", { name: words.find }).fill("c0001");
      await expect(app).toHaveURL(/find=c0001/);
      const table = app.getByRole("table", { name: words.people });
      await expect(table.getByText("c00010", { exact: true })).toBeVisible();
      await look(app, `people-${language}`);
      await table.getByRole("link").first().click();
      const timeline = app.getByRole("region", { name: words.timeline });
      await expect(timeline.getByRole("listitem").first()).toBeVisible();
      await look(app, `person-${language}`);
    });

    test("somebody is erased and is not found any more", async ({ app }) => {
      const id = language === "en" ? "c00021" : "c00022";
      await app.goto(`/people/${id}`);
      await app.getByRole("button", { name: words.more }).click();
      await app.getByRole("menuitem", { name: words.erase }).click();
      const dialog = app.getByRole("dialog");
      const act = dialog.getByRole("button", { name: words.eraseAct });
      await expect(act).toBeDisabled();
      await dialog.getByLabel(words.refuse).check(); // the shop's visitors may come again at any moment
      await dialog.getByLabel(words.type(id)).fill(id);
      await look(app, `erase-${language}`);
      await act.click();
      await expect(app).toHaveURL(/\/people$/);
      await app.getByRole("searchbox", { name: words.find }).fill(id);
      await expect(app).toHaveURL(new RegExp(`find=${id}`));
      await expect(app.getByText(words.nobody)).toBeVisible();
      expect((await app.request.get(`/api/v1/profiles/${id}`)).status()).toBe(404);
    });

    test("settings make a source and a user, and the audit tells who did", async ({ app, fresh }) => {
      const source = fresh(`till-${language}`);
      const user = `${fresh(`bo-${language}`)}@shop.example`;
      await app.goto("/settings");
      await app.getByRole("button", { name: words.newSource }).click();
      const dialog = app.getByRole("dialog");
      await dialog.locator("input").first().fill(source);
      await dialog.getByRole("button", { name: words.newSource }).click();
      await expect(app.getByText(/^wk_/)).toBeVisible();
      await app.getByRole("button", { name: words.copied }).click();
      await expect(app.getByText(source).first()).toBeVisible();
      await look(app, `settings-sources-${language}`);

      await app.getByRole("tab", { name: words.users }).click();
      await app.getByRole("button", { name: words.invite }).click();
      await app.getByRole("textbox", { name: words.email }).fill(user);
      await dialog.getByRole("button", { name: words.invite }).click();
      await expect(app.getByText(/\/welcome#in_/)).toBeVisible();
      await app.getByRole("button", { name: words.copied }).click();
      await look(app, `settings-users-${language}`);

      await app.getByRole("tab", { name: words.audit }).click();
      await expect(app.getByText(user).first()).toBeVisible();
      await expect(app.getByText("demo@atelier-brume.example").first()).toBeVisible();
      await look(app, `settings-audit-${language}`);
    });

    test("a channel is tried, and the rules of sending are changed", async ({ app }) => {
      await app.goto("/settings/channels");
      await app.getByRole("button", { name: words.try }).first().click();
      const dialog = app.getByRole("dialog");
      await dialog.getByRole("button", { name: words.trySend }).click();
      await expect(dialog.getByText(words.tried)).toBeVisible();
      await look(app, `settings-channels-${language}`);
      await app.keyboard.press("Escape");

      await app.getByRole("tab", { name: words.rules }).click();
      await expect(app.getByRole("heading", { name: words.caps })).toBeVisible();
      await app.getByRole("button", { name: words.addCap }).click();
      const most = app.getByLabel(words.most).last();
      await most.fill("");
      await app.getByRole("button", { name: words.saveRules }).click();
      await expect(app.getByText(words.wantNumbers)).toBeVisible();
      await look(app, `settings-rules-${language}`);
      await most.fill("9");
      await app.getByRole("button", { name: words.saveRules }).click();
      await expect(app.getByText(words.saved)).toBeVisible();
    });
  });
}
