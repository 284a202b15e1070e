import i18next from "i18next";

/** Figures, dates and shares in the language of the screen. Instants are ISO texts, as the API gives them. */

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(i18next.language, options).format(value);
}

/** `0.123` → "12.3 %". */
export function formatShare(share: number, digits = 1): string {
  return formatNumber(share, { style: "percent", maximumFractionDigits: digits });
}

export function formatDay(instant: string): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: "medium" }).format(new Date(instant));
}

/** The time of day, to the second. */
export function formatTime(instant: string): string {
  return new Intl.DateTimeFormat(i18next.language, { timeStyle: "medium" }).format(new Date(instant));
}

export function formatInstant(instant: string): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(instant),
  );
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days", seen from `now` (milliseconds). */
export function formatAgo(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(i18next.language, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.trunc(seconds), "second");
}
