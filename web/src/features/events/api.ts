import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { type ApiProblem, api } from "@/api/client";

export interface EventType {
  name: string;
  registered: boolean;
  published: boolean;
  derived: boolean;
  seen: { count: number; first_at: string; last_at: string } | null;
  definitions: { id: string; name?: string; status: string; schema?: Record<string, string>; rule?: unknown }[];
  faults: { path?: string; expected?: string; count?: number }[];
}
export interface Property {
  path: string;
  expected: string | null;
  types: { type: string; count: number; share: number; example?: unknown }[];
}
export interface EventTypeShown extends EventType {
  looked_at: number;
  properties: Property[];
}

export interface ClauseSeen {
  path: string;
  holds: boolean;
  sentence: string;
}
export interface Derived {
  id: string;
  event: string;
  published: boolean;
  matched: boolean;
  failed: ClauseSeen | null;
  clauses: ClauseSeen[];
}
export interface Waiting {
  source: string;
  version: number;
  role: string;
  step: string | null;
  matched: boolean;
  failed: ClauseSeen | null;
  clauses: ClauseSeen[];
}
export interface Verdict {
  derives: Derived[];
  waited_for: Waiting[];
  problems: { path?: string; message?: string; expected?: string; got?: string }[];
}
export interface Inspected extends Verdict {
  position: string;
  at: string;
  received_at: string;
  type: string;
  name: string | null;
  user_id: string | null;
  anonymous_id: string | null;
  source: string;
  message_id: string | null;
  properties: Record<string, unknown> | null;
  rejected: { code: string; pointer: string; message: string; raw: string } | null;
  ignored: string | null;
  starts: { source?: string; started?: boolean; reason?: string; refused?: string }[];
}
export interface Rejected {
  position: string;
  source: string;
  received_at: string;
  code: string;
  pointer: string;
  message: string;
  raw: string;
}
export interface Source {
  id: string;
  name: string;
  trusted: boolean;
  write_keys: number;
}
export interface Hook {
  url: string;
  event: string;
  signed: boolean;
  signature_header: string;
}
export type Language = "curl" | "javascript" | "python";

export interface Filters {
  name: string;
  source: string;
  user_id: string;
  only: string;
}

export function useEventTypes() {
  return useQuery({
    queryKey: ["event-types"],
    queryFn: ({ signal }) => api<{ items: EventType[] }>("GET", "/api/v1/event-types", { signal }),
  });
}

export function useEventType(name: string) {
  return useQuery<EventTypeShown, ApiProblem>({
    queryKey: ["event-types", name],
    queryFn: ({ signal }) => api("GET", `/api/v1/event-types/${encodeURIComponent(name)}`, { signal }),
  });
}

export function useCode(name: string) {
  return useQuery({
    queryKey: ["event-types", name, "code"],
    queryFn: ({ signal }) =>
      api<{ code: Record<Language, string> }>("GET", `/api/v1/event-types/${encodeURIComponent(name)}/code`, {
        signal,
      }),
    enabled: name !== "",
    retry: false,
  });
}

export function useInspector(filters: Filters, paused: boolean) {
  return useQuery({
    queryKey: ["inspect", filters, i18next.language],
    queryFn: ({ signal }) =>
      api<{ items: Inspected[] }>("GET", "/api/v1/events/inspect", {
        query: { ...filters, limit: 50, language: i18next.language },
        signal,
      }),
    refetchInterval: paused ? false : 2_000,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useTry() {
  return useMutation<Verdict, ApiProblem, { event: string; properties: unknown; user_id?: string }>({
    mutationFn: (asked) => api("POST", "/api/v1/events/inspect", { body: { ...asked, language: i18next.language } }),
  });
}

export function useRejected(before: string | undefined) {
  return useQuery({
    queryKey: ["rejected", before],
    queryFn: ({ signal }) =>
      api<{ items: Rejected[]; next: string | null; counts: { source: string; code: string; count: number }[] }>(
        "GET",
        "/api/v1/rejected-events",
        { query: { limit: 50, before }, signal },
      ),
    placeholderData: keepPreviousData,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => api<{ items: Source[] }>("GET", "/api/v1/sources", { signal }),
  });
}

export function useHook(source: string) {
  return useQuery<Hook, ApiProblem>({
    queryKey: ["sources", source, "hook"],
    queryFn: ({ signal }) => api("GET", `/api/v1/sources/${encodeURIComponent(source)}/hook`, { signal }),
    retry: false,
  });
}
