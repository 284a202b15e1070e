/** A person's life as one list: what they did and agreed to, what was decided and why, what they were sent. */

export interface TimelineItem {
  kind: string;
  at: string;
  [more: string]: unknown;
}

export interface Decision {
  kind: string;
  at: string;
  step: string | null;
  sentence: string;
  message_id?: string;
  [more: string]: unknown;
}

export interface ExplainedPassage {
  enrollment_id: string;
  source: string;
  name: string;
  decisions: Decision[];
}

export interface Moment {
  key: string;
  at: string;
  group: "done" | "decided" | "sent";
  kind: string;
  /** What a decision belongs to. */
  source?: string | undefined;
  sourceName?: string | undefined;
  /** Why, in the language of the screen, as the server says it. */
  sentence?: string | undefined;
  item: Record<string, unknown>;
}

const TOLD_BY_DECISIONS = new Set(["step", "started", "ended", "goal", "suppressed"]);

/**
 * Timeline and explained passages made one, the newest first. Decisions come with the server's sentence; a message is told once, with
 * its content from the timeline and its why from the explanation. What the timeline alone knows of an older passage stays.
 */
export function mergeMoments(timeline: TimelineItem[], passages: ExplainedPassage[]): Moment[] {
  const explained = new Set(passages.map((passage) => passage.enrollment_id));
  const whys = new Map<string, string>();
  const moments: Moment[] = [];
  for (const { enrollment_id, source, name, decisions } of passages) {
    for (const [index, decision] of decisions.entries()) {
      if (decision.message_id) {
        whys.set(decision.message_id, decision.sentence);
        continue;
      }
      moments.push({
        key: `${enrollment_id}/${index}`,
        at: decision.at,
        group: "decided",
        kind: decision.kind,
        source,
        sourceName: name,
        sentence: decision.sentence,
        item: decision,
      });
    }
  }
  for (const [index, item] of timeline.entries()) {
    const isDecision = TOLD_BY_DECISIONS.has(item.kind);
    if (isDecision && explained.has(String(item.enrollment_id))) continue;
    const isMessage = item.kind === "message";
    moments.push({
      key: `t${index}`,
      at: item.at,
      group: isMessage ? "sent" : isDecision ? "decided" : "done",
      kind: item.kind,
      source: typeof item.source === "string" && item.source.includes(":") ? item.source : undefined,
      sourceName: isDecision && typeof item.name === "string" ? item.name : undefined,
      sentence: isMessage ? whys.get(String(item.message_id)) : undefined,
      item,
    });
  }
  return moments.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** Moments by their day, in their order. `dayOf` says which day an instant belongs to. */
export function byDay(moments: Moment[], dayOf: (at: string) => string): [string, Moment[]][] {
  const days: [string, Moment[]][] = [];
  for (const moment of moments) {
    const day = dayOf(moment.at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(moment);
    else days.push([day, [moment]]);
  }
  return days;
}
