import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Fields, Journey } from "../graph/definition";
import type { SharedWays } from "../graph/figures";

/** A share in percent, with the interval in which the truth lies. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface GoalFigures {
  name?: string;
  event: string;
  target_percent?: number;
  target_count?: number;
  within?: string;
  reached: number;
  entered: number;
  percent: Interval | null;
  met: boolean | null;
  certain: boolean | null;
}

export interface StepFigures {
  entered: number;
  inside: number;
  left: Record<string, number>;
}

export interface MessageFigures {
  waiting: number;
  sent: number;
  blocked: Record<string, number>;
  expired: number;
  failed: Record<string, number>;
  delivered: number;
  opened: number;
  clicked: number;
  replied: number;
  bounced: number;
  complained: number;
  unsubscribed: number;
}

export interface Flows {
  entered: number;
  inside: number;
  finished: number;
  exited: Record<string, number>;
  failed: number;
  suppressed: number;
  steps: Record<string, StepFigures>;
  /** Where a step leads to another by several ways: how many went each. */
  ways?: SharedWays;
}

export interface JourneyFigures extends Flows {
  id: string;
  name: string;
  version: number;
  goal: GoalFigures | null;
  goals: GoalFigures[];
  suppressed_by: Record<string, number>;
  messages: Record<string, Record<string, MessageFigures>>;
  definition: Journey;
}

export interface Comparison {
  treated: { n: number; hits: number; share?: Interval | null };
  held_out: { n: number; hits: number; share?: Interval | null };
  difference: Interval | null;
  lift: Interval | null;
  more: number | null;
  verdict: string;
  sentence: string;
}

export interface Report extends JourneyFigures {
  versions: (Flows & {
    version: number;
    suppressed_by: Record<string, number>;
    messages: Record<string, Record<string, MessageFigures>>;
  })[];
  holdout: (Fields & { sentence?: string }) | null;
  schedule: {
    waiting: number;
    next_turn_at: string | null;
    occurrences: { at: string; timezone: string | null; found: number }[];
  } | null;
}

export const listedFigures = () =>
  queryOptions({
    queryKey: ["journeys", "figures"],
    queryFn: ({ signal }) => api<{ items: JourneyFigures[] }>("GET", "/api/v1/journeys", { signal }),
    select: (told) => told.items,
  });

export const reportOf = (id: string, language: string) =>
  queryOptions({
    queryKey: ["journey", id, "report", language],
    queryFn: ({ signal }) =>
      api<Report>("GET", `/api/v1/journeys/${encodeURIComponent(id)}/report`, { query: { language }, signal }),
    refetchInterval: 15_000,
  });
