import i18next, { type FormatterModule } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

function preferred(): Language {
  const kept = window.localStorage.getItem("relance.language");
  const asked = kept ?? navigator.language.slice(0, 2);
  return asked === "fr" ? "fr" : "en";
}

/** Figures in words are written as the language writes them: `{{share}}` of 5.6 is "5,6" in French. */
export const figures: FormatterModule = {
  type: "formatter",
  init() {},
  add() {},
  addCached() {},
  format: (value, _format, language) =>
    typeof value === "number" ? new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(value) : value,
};

void i18next
  .use(initReactI18next)
  .use(figures)
  .init({
    lng: preferred(),
    fallbackLng: "en",
    resources: {},
    interpolation: { escapeValue: false, alwaysFormat: true },
    nsSeparator: false, // keys such as `scope.definitions:write` name no other feature's words
    initAsync: false,
  });
document.documentElement.lang = i18next.language;

// Whoever adds words imports it from here: before `init` it takes none, whatever the order in which a bundle runs its parts.
export { i18next };

export function speak(language: Language): void {
  window.localStorage.setItem("relance.language", language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
