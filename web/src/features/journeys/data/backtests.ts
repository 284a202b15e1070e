import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Fields } from "../graph/definition";
import type { Flows, MessageFigures } from "./figures";

export interface BacktestResult extends Flows {
  since: string;
  until: string;
  timezone: string;
  people: number;
  sent: number;
  blocked: Record<string, number>;
  suppressed_by_reason: Record<string, number>;
  entries_per_day: Record<string, number>;
  messages: Record<string, Record<string, MessageFigures>>;
  messages_per_day: { day: string; channel: string; sent: number; blocked: number; expired: number; failed: number }[];
  baseline: {
    name?: string;
    event: string;
    entered: number;
    reached: number;
    rate: number | null;
    low: number | null;
    high: number | null;
  }[];
  overlap: {
    journeys: { source: string; people: number }[];
    messages: { source: string; channel: string; sent: number; people: number }[];
  };
}

export interface Backtest {
  id: number;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  asked_at: string;
  since: string;
  until: string;
  progress: { phase: string; done: number; total: number };
  error: string | null;
  result: BacktestResult | null;
}

const of = (journey: string) => `/api/v1/journeys/${encodeURIComponent(journey)}`;
export const isOver = (one: Backtest) => !["waiting", "running"].includes(one.state);

export const backtestsOf = (journey: string) =>
  queryOptions({
    queryKey: ["journey", journey, "backtests"],
    queryFn: ({ signal }) => api<{ items: Backtest[] }>("GET", `${of(journey)}/backtests`, { signal }),
    select: (told) => told.items,
  });

export const backtestOf = (number: number) =>
  queryOptions({
    queryKey: ["backtest", number],
    queryFn: ({ signal }) => api<Backtest>("GET", `/api/v1/backtests/${number}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 1_000),
  });

export const askBacktest = (journey: string, days: number) =>
  api<Backtest>("POST", `${of(journey)}/backtest`, { body: { days } as Fields });
export const cancelBacktest = (number: number) => api<Backtest>("POST", `/api/v1/backtests/${number}/cancel`);
