import { formatNumber } from "@/lib/format";
import { MEASURES, WITHIN } from "./measures";

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
  if (["all events", "any event", "all", "events"].includes(text)) return t("factors.all_events");
  if (text === "target") return t("factors.target");
  if (text.includes("[]")) return whatOf(t, text.replaceAll("[]", ""));
  if (text.startsWith("target.")) return `${t("factors.target")} › ${text.slice("target.".length)}`;
  const dot = text.indexOf(".");
  return dot > 0 ? `${text.slice(0, dot)} › ${text.slice(dot + 1)}` : text;
}

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
  if (found?.[1] && found[2])
    return t("factors.above", { what: describeFeature(t, found[1]), limit: figure(found[2]) });
  return describeFeature(t, factor);
}

/** `trait city = Paris` → `city is Paris`. */
function whatIs(t: Say, text: string): string {
  const equals = /^(.+?) = (.*)$/.exec(text);
  return equals?.[1] ? t("factors.equals", { what: whatOf(t, equals[1]), value: equals[2] }) : whatOf(t, text);
}

/** A feature as the server names it: what it is about, and what is measured of it. */
export function describeFeature(t: Say, text: string): string {
  const found = /^(.*): ([^:]+)$/.exec(text);
  if (found?.[1] && found[2]) {
    const [, label, measure] = found;
    const key = MEASURES[measure];
    if (key) return t(`feature.${key}`, { what: whatIs(t, label) });
    const within = /^(times|days|sum) in (\d+ [dh])$/.exec(measure);
    if (within?.[1] && within[2])
      return t(`feature.${WITHIN[within[1]]}`, { what: whatIs(t, label), window: windowOf(t, within[2]) });
  }
  const by = /^(.+) by (.+)$/.exec(text);
  if (by?.[1] && by[2]) return t("feature.by", { what: by[1], sent: by[2] });
  return whatIs(t, text);
}
