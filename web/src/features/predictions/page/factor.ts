import { formatNumber } from "@/lib/format";

type Say = (key: string, values?: object) => string;

/** `3 d` or `12 h`, as features name their windows, in words. */
function windowOf(t: Say, text: string): string {
  const found = /^(\d+) (d|h)$/.exec(text);
  return found ? t(found[2] === "d" ? "days" : "hours", { count: Number(found[1]) }) : text;
}

const figure = (text: string) => formatNumber(Number(text), { maximumFractionDigits: 2 });

/** `Order Completed.total` → `Order Completed › total`; what stands for all events and for the one foretold, in words. */
function whatOf(t: Say, text: string): string {
  if (text.startsWith("trait ")) return text.slice("trait ".length);
  if (text === "all events" || text === "all") return t("factors.all_events");
  if (text === "target") return t("factors.target");
  if (text.startsWith("target.")) return `${t("factors.target")} › ${text.slice("target.".length)}`;
  const dot = text.indexOf(".");
  return dot > 0 ? `${text.slice(0, dot)} › ${text.slice(dot + 1)}` : text;
}

const SUMS: [RegExp, string][] = [
  [/^(.*): mean$/, "factors.mean"],
  [/^(.*): largest$/, "factors.largest"],
  [/^(.*): sum ever$/, "factors.sum"],
  [/^(.*): distinct values$/, "factors.distinct"],
];

/** A factor as the server names it, in words; the name itself where it is of another kind. */
export function describeFactor(t: Say, factor: string): string {
  let found = /^(.*): times in (\d+ [dh]): at least once$/.exec(factor);
  if (found?.[1] && found[2])
    return t("factors.at_least_once_in", { what: whatIs(t, found[1]), window: windowOf(t, found[2]) });
  found = /^(.*): times ever: at least once$/.exec(factor);
  if (found?.[1]) return t("factors.at_least_once", { what: whatIs(t, found[1]) });
  found = /^(.*): last: less than (\S+) days ago$/.exec(factor);
  if (found?.[1] && found[2]) return t("factors.recent", { what: whatOf(t, found[1]), limit: figure(found[2]) });
  found = /^(.*): above (\S+)$/.exec(factor);
  if (found?.[1] && found[2]) return t("factors.above", { what: summed(t, found[1]), limit: figure(found[2]) });
  return whatIs(t, factor);
}

/** `trait city = Paris` → `city is Paris`. */
function whatIs(t: Say, text: string): string {
  const equals = /^(.+?) = (.*)$/.exec(text);
  return equals?.[1] ? t("factors.equals", { what: whatOf(t, equals[1]), value: equals[2] }) : whatOf(t, text);
}

function summed(t: Say, text: string): string {
  for (const [shape, key] of SUMS) {
    const found = shape.exec(text);
    if (found?.[1]) return t(key, { what: whatOf(t, found[1]) });
  }
  return whatOf(t, text);
}
