import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SegmentsPage } from "@/api/answers";
import { ApiProblem, api, type FieldProblem } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";

export interface Segment {
  kind: "segment";
  id: string;
  name: string;
  description?: string;
  where: Condition;
  archived_at: string | null;
}

export interface Figure {
  members: number;
  low: number;
  high: number;
}

export interface PersonRow {
  user_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  since?: string | null;
}

export interface Preview extends Figure {
  at: string;
  people: number;
  exact: boolean;
  reach: Record<"email" | "sms" | "push", Figure>;
  sample?: PersonRow[];
  warnings?: FieldProblem[];
}

export interface SizePoint {
  at: string;
  members: number;
  entered: number;
  left: number;
}

const path = (id: string, more = "") => `/api/v1/segments/${encodeURIComponent(id)}${more}`;

export function useSegments() {
  return useQuery({
    queryKey: ["segments"],
    queryFn: () => api<SegmentsPage>("GET", "/api/v1/segments"),
    refetchInterval: 15_000,
  });
}

export function useSegment(id: string) {
  return useQuery({ queryKey: ["segment", id], queryFn: () => api<Segment>("GET", path(id)), enabled: id !== "" });
}

/** The version in force, that a change is made to: 0 for none. */
export function useVersion(id: string) {
  return useQuery({
    queryKey: ["segment", id, "version"],
    queryFn: () =>
      api<{ version: number; definition: Record<string, unknown> }>(
        "GET",
        `/api/v1/definitions/segment/${encodeURIComponent(id)}`,
      ),
    enabled: id !== "",
  });
}

export function useSizes(id: string, every: "hour" | "day" | "week" = "day", since?: string) {
  return useQuery({
    queryKey: ["segment", id, "sizes", every, since],
    queryFn: () => api<{ points: SizePoint[] }>("GET", path(id, "/sizes"), { query: { every, since } }),
    staleTime: 60_000,
  });
}

/** The last weeks of all segments of a list, in one request. */
export function useTrends(shown: string[]) {
  const ids = shown.toSorted();
  return useQuery({
    queryKey: ["segments", "trends", ids],
    queryFn: ({ signal }) =>
      api<{ items: { id: string; points: SizePoint[] }[] }>("POST", "/api/v1/segments/sizes", {
        body: { segments: ids },
        signal,
      }),
    enabled: ids.length > 0,
    staleTime: 60_000,
    placeholderData: (before) => before,
    select: ({ items }) => new Map(items.map((one) => [one.id, one.points])),
  });
}

export function useSample(id: string) {
  return useQuery({
    queryKey: ["segment", id, "sample"],
    queryFn: () => api<{ items: PersonRow[] }>("GET", path(id, "/sample"), { query: { n: 5 } }),
  });
}

export function useCount(id: string) {
  return useQuery({
    queryKey: ["segment", id, "preview"],
    queryFn: ({ signal }) => api<Preview>("POST", path(id, "/preview"), { body: { exact: true }, signal }),
    enabled: id !== "",
    refetchInterval: 15_000,
  });
}

/** How many a condition holds for: an estimate at once, then the exact figure with some people. A change takes the question back. */
export function usePreview(where: Condition, sample = 5) {
  const [asked, setAsked] = useState(where);
  const text = JSON.stringify(where);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(JSON.parse(text) as Condition), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const waits = JSON.stringify(asked) !== text;
  const ask = (body: object) => (context: { signal: AbortSignal }) =>
    api<Preview>("POST", "/api/v1/segments/preview", { body: { where: asked, ...body }, signal: context.signal });
  const estimate = useQuery({
    queryKey: ["preview", asked, "estimate"],
    queryFn: ask({}),
    retry: false,
    gcTime: 30_000,
  });
  const exact = useQuery({
    queryKey: ["preview", asked, "exact", sample],
    queryFn: ask({ exact: true, sample }),
    enabled: estimate.isSuccess,
    retry: false,
    gcTime: 30_000,
  });
  const [last, setLast] = useState<Preview>();
  const found = exact.data ?? estimate.data;
  useEffect(() => {
    if (found) setLast(found);
  }, [found]);
  const error = estimate.error ?? exact.error;
  return {
    preview: found ?? last,
    stale: waits || !found,
    refining: !waits && estimate.isSuccess && !exact.data && !exact.error,
    problems: error instanceof ApiProblem ? error.errors : [],
    error,
  };
}

export interface Use {
  kind: string;
  id: string;
  name?: string;
  path: string;
  through?: string[];
}

export function useDependencies(id: string) {
  return useQuery({
    queryKey: ["segment", id, "dependencies"],
    queryFn: () => api<{ used_by: Use[]; uses: Use[] }>("GET", path(id, "/dependencies")),
  });
}

export interface Published {
  changes: { kind: string; id: string; action: string; version: number }[];
  problems: FieldProblem[];
}

export function usePublish() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ definition, version }: { definition: Record<string, unknown>; version?: number }) =>
      api<Published>("POST", "/api/v1/definitions", {
        body: {
          definitions: [definition],
          ...(version === undefined ? {} : { expect: { [`segment:${String(definition.id)}`]: version } }),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["segment"] });
      await queries.invalidateQueries({ queryKey: ["segments"] });
      await queries.invalidateQueries({ queryKey: ["suggest"] });
    },
  });
}

export function useArchiving(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (verb: "archive" | "restore") => api("POST", path(id, `/${verb}`)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["segment", id] });
      await queries.invalidateQueries({ queryKey: ["segments"] });
    },
  });
}

export interface Why {
  condition: string;
  holds: boolean;
  sentence?: string;
  parts?: Why[];
}

export interface WhyAnswer {
  member: boolean;
  changes_at: string | null;
  archived_at?: string;
  at: string;
  why: Why;
}

export function useWhy(id: string, userId: string, language: string) {
  return useQuery({
    queryKey: ["segment", id, "why", userId, language],
    queryFn: () => api<WhyAnswer>("GET", path(id, "/explain"), { query: { user_id: userId, language } }),
    enabled: userId !== "",
    retry: false,
  });
}

export interface OverlapAnswer {
  segments: { id: string; members: number; alone: number }[];
  both: number;
  either: number;
  pairs: { segments: [string, string]; both: number; share_of_first: number; share_of_second: number }[];
}

export function useOverlap(ids: string[]) {
  return useQuery({
    queryKey: ["overlap", ids],
    queryFn: () => api<OverlapAnswer>("POST", "/api/v1/segments/overlap", { body: { segments: ids } }),
    enabled: ids.length > 1,
  });
}

export function useMembers(id: string, after: string) {
  return useQuery({
    queryKey: ["segment", id, "members", after],
    queryFn: () =>
      api<{ items: PersonRow[]; next: string | null; members: number; at: string }>("GET", path(id, "/members"), {
        query: { limit: 50, after },
      }),
  });
}

export function usePeople(text: string) {
  return useQuery({
    queryKey: ["people", text],
    queryFn: () =>
      api<{ items: { user_id: string; name?: string | null; email?: string | null }[] }>("GET", "/api/v1/profiles", {
        query: { query: text, limit: 10 },
      }),
    staleTime: 10_000,
  });
}
