import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Fields } from "../graph/definition";

/** Test people on their way, in a world of their own. */
export interface Passage {
  user_id: string;
  journey: string;
  status: string;
  reason: string | null;
  step: string | null;
  due_at: string | null;
  path: { step: string; at: string; because: string }[];
}

export interface TestMessage {
  number: number;
  user_id: string;
  at: string;
  step: string;
  channel: string;
  template: string;
  to: string | null;
  status: string;
  reason: string | null;
  subject: string | null;
  body: string | null;
}

export interface Coverage {
  steps: number;
  entered: number;
  not_entered: string[];
  ways: number;
  gone: number;
  not_gone: { from: string; to: string }[];
}

export interface Test {
  id: number;
  journey: string;
  speed: number | null;
  now: string;
  next_at: string | null;
  testers: string[];
  passages: Passage[];
  messages: TestMessage[];
  coverage: Coverage;
}

export interface Walked {
  all_paths: boolean;
  paths: {
    tester: string;
    went: string[];
    as_planned: boolean;
    status: string;
    reason: string | null;
    messages: { step: string; channel: string; status: string; reason: string | null; subject: string | null }[];
    sent: number;
  }[];
  coverage: Coverage;
}

const at = (number: number) => `/api/v1/tests/${number}`;
const of = (journey: string) => `/api/v1/journeys/${encodeURIComponent(journey)}`;

export const openTests = () =>
  queryOptions({
    queryKey: ["tests"],
    queryFn: ({ signal }) =>
      api<{ items: { id: number; journey: string; speed: number | null }[] }>("GET", "/api/v1/tests", { signal }),
    select: (told) => told.items,
  });

export const testOf = (number: number) =>
  queryOptions({
    queryKey: ["test", number],
    queryFn: ({ signal }) => api<Test>("GET", at(number), { signal }),
    // One that stands still is looked at too: it may have ended, or been lost in a restart.
    refetchInterval: ({ state }) => (state.error ? false : state.data?.speed ? 1_500 : 15_000),
  });

export interface NewTest {
  testers: Fields[];
  properties: Fields;
  speed: number | null;
  checks: boolean;
}

export const openTest = (journey: string, asked: NewTest) => api<Test>("POST", `${of(journey)}/test`, { body: asked });
export const walkAll = (journey: string, properties: Fields) =>
  api<Walked>("POST", `${of(journey)}/walk`, { body: { properties } });
export const advanceTest = (number: number, by?: string) =>
  api<Test>("POST", `${at(number)}/advance`, { body: by ? { by } : {} });
export const happen = (number: number, user_id: string, event: string, properties: Fields) =>
  api<Test>("POST", `${at(number)}/events`, { body: { user_id, event, properties } });
export const react = (number: number, user_id: string, step: string, reaction: string) =>
  api<Test>("POST", `${at(number)}/react`, { body: { user_id, step, reaction } });
export const force = (number: number, user_id: string, step: string, outcome: string) =>
  api<Test>("POST", `${at(number)}/force`, { body: { user_id, step, outcome } });
export const endTest = (number: number) => api<void>("DELETE", at(number));
