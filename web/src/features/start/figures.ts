import { formatShare } from "@/lib/format";

/** What the server tells the home page, and what follows from it. */

export interface DayCount {
  on: string;
  channel: string;
  status: string;
  messages: number;
}

export interface Days {
  items: DayCount[];
  days: number;
  now: string;
}

export interface Report {
  id: string;
  kind: "journey" | "campaign";
  name: string;
  state: string;
  entered: number;
  inside: number;
  goal?: { reached_percent: number; target_percent?: number | null; met: boolean; certain: boolean } | null;
}

export interface Provider {
  channel: string;
  configured: boolean;
}

export interface Ready {
  status: string;
  trouble?: Record<string, string>;
}

export interface Rejected {
  counts: { source: string; code: string; count: number }[];
}

export interface Prediction {
  id: string;
  name?: string | null;
  state?: string;
}

const DAY = 86_400_000;

/** The days themselves, the oldest first, as dates in UTC. */
export function datesOf(days: Days): string[] {
  const last = Date.parse(days.now.slice(0, 10));
  return Array.from({ length: days.days }, (_, index) =>
    new Date(last - (days.days - 1 - index) * DAY).toISOString().slice(0, 10),
  );
}

/** Messages of one channel and outcome for each of the days, those without any as 0. */
export function seriesOf(days: Days, status: string, channel?: string): number[] {
  return datesOf(days).map((on) =>
    days.items
      .filter((item) => item.on === on && item.status === status && (!channel || item.channel === channel))
      .reduce((sum, item) => sum + item.messages, 0),
  );
}

/** The smallest of 2, 4, 10, 20, 40, 100, … that is not below a value: where an axis with its middle named ends. */
export function ceilingOf(value: number): number {
  const tens = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [2, 4, 10, 20].map((one) => one * tens).find((one) => one >= value) ?? 2;
}

export const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

export interface Concern {
  key: string;
  /** Its words: `concerns.{word}`. */
  word: string;
  values: Record<string, string | number>;
  severity: "bad" | "warn";
  to?: string;
}

/** What needs attention, the worst first. */
export function findConcerns(
  ready: Ready | undefined,
  providers: Provider[],
  reports: Report[],
  rejected: Rejected | undefined,
  predictions: Prediction[],
  used: ReadonlySet<string>,
): Concern[] {
  const found: Concern[] = Object.entries(ready?.trouble ?? {}).map(([part, told]) => ({
    key: `trouble ${part}`,
    word: "trouble",
    values: { part, told },
    severity: "bad",
  }));
  for (const { channel, configured } of providers) {
    if (!configured && used.has(channel)) {
      found.push({
        key: `provider ${channel}`,
        word: "provider",
        values: { channel },
        severity: "bad",
        to: "/settings/channels",
      });
    }
  }
  for (const one of predictions.filter(({ state }) => state === "failed")) {
    found.push({
      key: `prediction ${one.id}`,
      word: "prediction",
      values: { name: one.name || one.id },
      severity: "bad",
      to: `/predictions/${one.id}`,
    });
  }
  for (const report of reports) {
    const to = `/${report.kind}s/${report.id}`;
    const { goal } = report;
    if (report.state === "paused") {
      found.push({
        key: to,
        word: "paused",
        values: { name: report.name, count: report.inside },
        severity: "warn",
        to,
      });
    } else if (goal?.target_percent && goal.certain && !goal.met && report.state === "published") {
      const values = {
        name: report.name,
        reached: formatShare(goal.reached_percent / 100),
        target: formatShare(goal.target_percent / 100),
      };
      found.push({ key: to, word: "goal", values, severity: "warn", to });
    }
  }
  const count = total((rejected?.counts ?? []).map((one) => one.count));
  if (count > 0) found.push({ key: "rejected", word: "rejected", values: { count }, severity: "warn", to: "/events" });
  return found.sort((a, b) => a.severity.localeCompare(b.severity));
}
