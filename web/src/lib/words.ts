import { useTranslation } from "react-i18next";
import { i18next } from "./language";

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };

/** French sets no line break before `: ; ! ? %` nor within guillemets; words are written with plain spaces. */
export function typeset(text: string): string {
  return text.replace(/ (?=[:;!?%»])/g, "\u00a0").replace(/« /g, "«\u00a0");
}

function typesetAll<T>(words: T): T {
  if (typeof words === "string") return typeset(words) as T;
  const entries = Object.entries(words as object).map(([key, value]) => [key, typesetAll(value)]);
  return Object.fromEntries(entries) as T;
}

/**
 * Give one feature its words in both languages: the French must have just the keys of the English.
 * Plurals by i18next: `people_one`, `people_other`; figures in by `{{count}}`.
 */
export function addWords<T extends object>(namespace: string, en: T, fr: Shape<T>): void {
  i18next.addResourceBundle("en", namespace, en);
  i18next.addResourceBundle("fr", namespace, typesetAll(fr));
}

/** Says a word of the feature by its key: `t("title")`, `t("people", { count: 3 })`. */
export function useWords(namespace: string): (key: string, values?: object) => string {
  const { t } = useTranslation(namespace);
  return (key, values) => t(key, { ...values }) as string;
}
