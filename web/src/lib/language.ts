import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

function preferred(): Language {
  const kept = window.localStorage.getItem("relance.language");
  const asked = kept ?? navigator.language.slice(0, 2);
  return asked === "fr" ? "fr" : "en";
}

void i18next.use(initReactI18next).init({
  lng: preferred(),
  fallbackLng: "en",
  resources: {},
  interpolation: { escapeValue: false },
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
