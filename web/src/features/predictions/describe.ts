import { formatNumber } from "@/lib/format";
import type { ChurnRow, Selection, Target } from "./api";

type Say = (key: string, values?: object) => string;

/** "3 days", "12 hours"; `days` as the server gives the window. */
export function describeWindow(t: Say, days: number): string {
  if (days < 2 && !Number.isInteger(days)) return t("hours", { count: Math.round(days * 24) });
  return t("days", { count: Math.round(days * 10) / 10 });
}

function describeRow(t: Say, row: ChurnRow): string {
  return row.did ? t("target.did", { event: row.did }) : t("target.did_not", { event: row.did_not });
}

/** What is foretold, in a sentence. */
export function describeTarget(t: Say, target: Target, days: number): string {
  const window = describeWindow(t, days);
  if ("value" in target) return t("target.value", { ...target.value, window });
  if ("event" in target)
    return t(target.where?.length ? "target.event_filtered" : "target.event", { event: target.event, window });
  const { all, any } = target.churn;
  const rows = (all ?? any ?? []).map((row) => describeRow(t, row)).join(all ? t("target.and") : t("target.or"));
  return t("target.churn", { rows: rows.charAt(0).toUpperCase() + rows.slice(1), window });
}

export function describeSelection(t: Say, selection: Selection): string {
  if ("category" in selection) return selection.category.map((one) => t(`select.${one}`)).join(", ");
  return t("panel.score", { from: selection.score.gte, to: selection.score.lte });
}

/** An expected count: whole from ten on, else with a digit. */
export function formatExpected(n: number): string {
  return formatNumber(n, { maximumFractionDigits: n < 10 ? 1 : 0 });
}
