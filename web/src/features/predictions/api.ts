import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiProblem, api } from "@/api/client";

export type State = "draft" | "training" | "failed" | "active" | "preview" | "demo" | "archived";
export type Category = "low" | "medium" | "high";
export type Selection = { score: { gte: number; lte: number } } | { category: Category[] };

export interface Run {
  run: number;
  kind: "build" | "rescore";
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  stage: string;
  percent: number;
  asked_at: string;
  started_at: string | null;
  ended_at: string | null;
  code: string | null;
  message: string | null;
}

export interface Summary {
  id: string;
  name: string;
  mode: "draft" | "preview" | "demo" | "active" | "archived";
  state: State;
  targetable: boolean;
  why_not_targetable: string | null;
  stale: boolean;
  why_stale: string | null;
  version: number | null;
  people: number | null;
  base_rate: number | null;
  trained_at: string | null;
  scored_at: string | null;
  next_rescore_at: string | null;
  window_days: number;
  run: Run | null;
  quality: number | null;
  quality_label: QualityLabel | null;
  use: Use | null;
  target: Target;
}

export type QualityLabel = "poor" | "fair" | "good" | "excellent";
export type Use = "usable" | "indicative" | "not usable";

export interface Clause {
  path: string;
  op: string;
  value?: unknown;
}
export type ChurnRow = { did?: string; did_not?: string; where?: Clause[] };
export type Target =
  | { event: string; where?: Clause[] }
  | { churn: { all?: ChurnRow[]; any?: ChurnRow[] } }
  | { value: { event: string; where?: Clause[]; path: string } };

export interface Definition {
  kind: "prediction";
  id: string;
  name?: string;
  target: Target;
  window: string;
  audience?: Record<string, unknown>;
  mode?: string;
  rescore?: { every: string; at?: string };
  retrain_after?: string;
}

export interface Bucket {
  from: number;
  to: number;
  people: number;
  expected: number;
}
export interface Share {
  people: number;
  expected: number;
}
/** What lies below each whole score from 0 to 100, and up to it. */
export interface Steps {
  people_below: number[];
  people_up_to: number[];
  expected_below: number[];
  expected_up_to: number[];
}

export interface Figures {
  auc: number | null;
  auc_interval?: [number, number] | null;
  average_precision: number | null;
  brier: number | null;
  ece: number | null;
  quality: number | null;
  quality_label: QualityLabel | null;
}
export interface Version extends Figures {
  version: number;
  digest: string;
  as_of: string;
  built_at: string;
  model: string;
  use: Use | null;
}
export interface Factor {
  factor: string;
  people: number;
  ratio: number;
  interval: [number, number];
}
export interface Outcome extends Figures {
  at: string;
  measured_at: string;
  version: number;
  people: number;
  positives: number;
  expected?: number;
  value?: { predicted: number; actual: number; ratio: number | null };
}
/** A feature in two scorings: the shares of people in each of its buckets, those without a value last. */
export interface Moved {
  feature: string;
  index: number;
  edges: number[];
  before: number[];
  now: number[];
}
export type Alarm =
  | { code: "scores_moved"; index: number }
  | { code: "base_rate_moved"; first: number; last: number }
  | { code: "people_moved"; features: string[] }
  | { code: "ranks_worse"; measured: number; promised: number }
  | { code: "counts_off"; acted: number; expected: number };
export interface Drift {
  scores: number | null;
  base_rate: { first: number; last: number } | null;
  features: Moved[];
  quality: { measured: number; promised: number | null } | null;
  /** What is too far off, as sentences of the server, and by code with its figures. */
  alarm: string[];
  alarms: Alarm[];
}
/** How the amounts that are expected are spread. */
export interface Amounts {
  people: number;
  total: number;
  mean: number;
  median: number;
  top_tenth: number;
  top_hundredth: number;
}
/** A selection as it is kept: also such as the page does not make. */
export interface MadeSelection {
  score?: Record<string, number>;
  category?: Category[];
  percentile?: Record<string, number>;
  top?: number;
  value?: Record<string, number>;
}
export interface Made {
  kind: "segment" | "campaign";
  id: string;
  selection: MadeSelection;
  made_at: string;
}

export interface Page extends Summary, Figures {
  definition: Definition;
  runs: Run[];
  versions: Version[];
  targets: Made[];
  outcomes: Outcome[];
  drift: Drift | null;
  now: string;
  model?: string;
  calibration?: { n: number; predicted: number; observed: number }[] | null;
  lift_by_decile?: (number | null)[] | null;
  measured_at?: string | null;
  correlations?: { more_likely: Factor[]; less_likely: Factor[] };
  features?: { count: number; weightiest: { feature: string; share: number }[] };
  notes?: string[];
  histogram?: { buckets: Bucket[]; categories: Record<Category, Share> };
  lift?: { share: number; gain: number; lift: number }[];
  steps?: Steps;
  values?: Amounts;
  value?: { holdout: { predicted: number; actual: number; ratio: number } | null } | null;
}

export interface Scored {
  user_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  probability: number;
  score: number;
  category: Category;
  scored_at: string;
  place: number | null;
  percentile: number | null;
  value: number | null;
  next_at: string | null;
}
export interface Reason {
  feature: string;
  value: number | null;
  adds: number;
  makes: "more likely" | "less likely";
}
export interface Explained {
  reasons: Reason[];
  history: { at: string; score: number | null; category: Category | null }[];
}

export const isOpen = (run: Run | null): boolean => run?.state === "waiting" || run?.state === "running";

const ALL = ["predictions"] as const;
const SOON = 1_500;
const LATER = 15_000;

export function usePredictions() {
  return useQuery({
    queryKey: ALL,
    queryFn: ({ signal }) => api<{ items: Summary[]; now: string }>("GET", "/api/v1/predictions", { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => isOpen(one.run)) ? SOON : LATER),
  });
}

export function usePrediction(id: string) {
  return useQuery<Page, ApiProblem>({
    queryKey: [...ALL, id],
    queryFn: ({ signal }) => api<Page>("GET", `/api/v1/predictions/${id}`, { signal }),
    refetchInterval: ({ state }) => (isOpen(state.data?.run ?? null) ? SOON : LATER),
  });
}

/** Build, score anew or take back: whatever it is, the page is asked again. */
export function useAct(id: string) {
  const queries = useQueryClient();
  return useMutation<Run, ApiProblem, "build" | "rescore" | "cancel">({
    mutationFn: (act) => api<Run>("POST", `/api/v1/predictions/${id}/${act}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ALL }),
  });
}

/** Publishes the prediction in another mode: active, archived. */
export function useMode(page: Page) {
  const queries = useQueryClient();
  return useMutation<unknown, ApiProblem, Definition["mode"]>({
    mutationFn: (mode) => api("POST", "/api/v1/definitions", { body: { definitions: [{ ...page.definition, mode }] } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ALL }),
  });
}

/** A page of the people of a selection, the highest scores first. */
export function useScored(page: Page, selection: Selection, after: string) {
  return useQuery<{ items: Scored[]; next: string | null }, ApiProblem>({
    queryKey: [...ALL, page.id, "people", page.scored_at, selection, after],
    queryFn: ({ signal }) =>
      api("POST", `/api/v1/predictions/${page.id}/people`, { body: { ...selection, limit: 25, after }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Why somebody has a score, and what it was before. */
export function useReasons(page: Page, userId: string) {
  return useQuery<Explained, ApiProblem>({
    queryKey: [...ALL, page.id, "person", page.scored_at, userId],
    queryFn: ({ signal }) =>
      api("GET", `/api/v1/predictions/${page.id}/person`, { query: { user_id: userId }, signal }),
    staleTime: 300_000,
    retry: false,
  });
}

/** What a selection's amounts come to, where such are foretold. */
export function useSelectedAmount(page: Page, selection: Selection) {
  return useQuery<{ expected_value?: number }, ApiProblem>({
    queryKey: [...ALL, page.id, "panel", page.scored_at, selection],
    queryFn: ({ signal }) => api("POST", `/api/v1/predictions/${page.id}/panel`, { body: selection, signal }),
    enabled: page.values !== undefined && !("category" in selection && selection.category.length === 0),
    placeholderData: keepPreviousData,
  });
}
