import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Problem } from "../graph/check";
import type { Fields, Journey } from "../graph/definition";

export type State = "draft" | "published" | "paused" | "closed" | "stopped";

/** One journey of the list. What was never published has neither version nor figures. */
export interface ListedJourney {
  id: string;
  name: string;
  state: State;
  draft: boolean;
  version?: number;
  published_at?: string | null;
  archived_at?: string | null;
  inside?: number;
}

export interface Act {
  act_id: number;
  action: string;
  at: string;
  state: string;
  actor: string;
  asked_at: string;
  ended_at: string | null;
  detail: Fields;
  outcome: Fields | null;
}

export interface ShownVersion {
  version: number;
  published_at: string;
  by: string;
  definition: Journey;
}

export interface ShownJourney {
  id: string;
  state: State;
  archived_at: string | null;
  held: number;
  versions: ShownVersion[];
  people: { version: number; step: string; people: number }[];
  draft: { definition: Journey; saved_at: string; saved_by: string } | null;
  acts: Act[];
}

export interface Checked {
  of: "draft" | "published";
  problems: Problem[];
}

const at = (id: string) => `/api/v1/journeys/${encodeURIComponent(id)}`;

export const listedJourneys = (archived: boolean) =>
  queryOptions({
    queryKey: ["journeys", "states", archived],
    queryFn: ({ signal }) =>
      api<{ items: ListedJourney[] }>("GET", "/api/v1/states/journeys", { query: { archived }, signal }),
    select: (told) => told.items,
  });

export const shownJourney = (id: string) =>
  queryOptions({
    queryKey: ["journey", id],
    queryFn: ({ signal }) => api<ShownJourney>("GET", at(id), { signal }),
  });

export function saveDraft(journey: Journey): Promise<{ problems: Problem[] }> {
  return api("PUT", `${at(journey.id)}/draft`, { body: journey });
}

export function dropDraft(id: string): Promise<void> {
  return api("DELETE", `${at(id)}/draft`);
}

export function checkJourney(id: string): Promise<Checked> {
  return api("POST", `${at(id)}/check`);
}

export function publishJourney(id: string, when?: string): Promise<Fields> {
  return api("POST", `${at(id)}/publish`, { body: when ? { at: when } : {} });
}

export type Verb = "pause" | "resume" | "close" | "stop" | "archive" | "restore";

export function actOn(id: string, verb: Verb, asked: Fields): Promise<Fields> {
  const bare = verb === "archive" || verb === "restore";
  return api("POST", `${at(id)}/${verb}`, bare ? {} : { body: asked });
}

export function cancelAct(id: string, act: number): Promise<Fields> {
  return api("DELETE", `${at(id)}/acts/${act}`);
}

/** What the editor opens: the draft, or what is in force. */
export function newestOf(shown: ShownJourney): Journey | undefined {
  return shown.draft?.definition ?? shown.versions[0]?.definition;
}
