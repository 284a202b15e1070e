import { eventLabel } from "@/lib/event-labels";
import { formatNumber } from "@/lib/format";
import type { ChurnRow, MadeSelection, Selection, Target } from "./api";

type Say = (key: string, values?: object) => string;

/** "3 days", "12 hours"; `days` as the server gives the window. */
export function describeWindow(t: Say, days: number): string {
  if (days < 2 && !Number.isInteger(days)) return t("hours", { count: Math.round(days * 24) });
  return t("days", { count: Math.round(days * 10) / 10 });
}

function describeRow(t: Say, row: ChurnRow): string {
  return row.did
    ? t("target.did", { event: eventLabel(row.did) })
    : t("target.did_not", { event: eventLabel(row.did_not ?? "") });
}

/** What is foretold, in a sentence. */
export function describeTarget(t: Say, target: Target, days: number): string {
  const window = describeWindow(t, days);
  if ("value" in target)
    return t("target.value", { path: target.value.path, event: eventLabel(target.value.event), window });
  if ("event" in target)
    return t(target.where?.length ? "target.event_filtered" : "target.event", {
      event: eventLabel(target.event),
      window,
    });
  const { all, any } = target.churn;
  const rows = (all ?? any ?? []).map((row) => describeRow(t, row)).join(all ? t("target.and") : t("target.or"));
  return t("target.churn", { rows: rows.charAt(0).toUpperCase() + rows.slice(1), window });
}

/** A range in words: bounds that are open count as they are said. */
function describeRange(t: Say, what: string, bounds: Record<string, number>): string {
  const [from, to] = [bounds.gte ?? bounds.gt, bounds.lte ?? bounds.lt];
  const n = (value: number | undefined) => formatNumber(value ?? 0, { maximumFractionDigits: 2 });
  if (from !== undefined && to !== undefined) return t(`panel.${what}`, { from: n(from), to: n(to) });
  return from === undefined ? t(`panel.${what}_to`, { to: n(to) }) : t(`panel.${what}_from`, { from: n(from) });
}

export function describeSelection(t: Say, selection: Selection | MadeSelection): string {
  const { score, category, percentile, top, value } = selection as MadeSelection;
  if (category) return category.map((one) => t(`select.${one}`)).join(", ");
  if (top !== undefined) return t("panel.top", { n: formatNumber(top) });
  if (percentile) return describeRange(t, "percentile", percentile);
  return value ? describeRange(t, "amount", value) : describeRange(t, "score", score ?? { gte: 0, lte: 100 });
}

/** An expected count: whole from ten on, else with a digit. */
export function formatExpected(n: number): string {
  return formatNumber(n, { maximumFractionDigits: n < 10 ? 1 : 0 });
}
