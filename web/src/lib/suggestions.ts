import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";

/** What the data suggests as somebody writes conditions: names, paths and values. All of it may be empty; anything may be typed. */

export interface Choice {
  id: string;
  name: string;
}

export interface PathSeen {
  path: string;
  types: string[];
  values: unknown[];
}

const MINUTE = 60_000;

interface EventType {
  name: string;
  seen: { count: number } | null;
}

export function useEventNames(): string[] {
  const { data } = useQuery({
    queryKey: ["suggest", "events"],
    queryFn: () => api<{ items: EventType[] }>("GET", "/api/v1/event-types"),
    staleTime: MINUTE,
  });
  return [...new Set((data?.items ?? []).map((item) => item.name))];
}

interface EventProperty {
  path: string;
  expected: string | null;
  types: { type: string; count: number }[];
}

export function usePropertyPaths(event: string): PathSeen[] {
  const { data } = useQuery({
    queryKey: ["suggest", "properties", event],
    queryFn: () => api<{ properties: EventProperty[] }>("GET", `/api/v1/event-types/${encodeURIComponent(event)}`),
    staleTime: MINUTE,
    enabled: event !== "" && event !== "*",
    retry: false,
  });
  return (data?.properties ?? []).map(({ path, expected, types }) => ({
    path,
    types: [...new Set([...(expected ? [expected] : []), ...types.map((t) => t.type)])],
    values: [],
  }));
}

export function useTraitPaths(): PathSeen[] {
  const { data } = useQuery({
    queryKey: ["suggest", "traits"],
    queryFn: () => api<{ items: PathSeen[] }>("GET", "/api/v1/traits"),
    staleTime: MINUTE,
  });
  return data?.items ?? [];
}

/** Values at a path that hold `text`: of an event's properties, or of traits when there is no event. */
export function useValues(event: string | null, path: string, text: string): (string | number | boolean)[] {
  const { data } = useQuery({
    queryKey: ["suggest", "values", event, path, text],
    queryFn: ({ signal }) =>
      api<{ items: { value: string | number | boolean }[] }>(
        "GET",
        event === null ? "/api/v1/traits/values" : `/api/v1/event-types/${encodeURIComponent(event)}/values`,
        { query: { path, query: text, limit: 30 }, signal },
      ),
    staleTime: MINUTE,
    enabled: path !== "" && event !== "" && event !== "*",
    retry: false,
    placeholderData: keepPreviousData,
  });
  return (data?.items ?? []).map((item) => item.value);
}

export type NamedKind = "segment" | "list" | "journey" | "campaign" | "prediction" | "template";

const WHERE: Record<NamedKind, string> = {
  segment: "/api/v1/segments",
  list: "/api/v1/lists",
  journey: "/api/v1/states/journeys",
  campaign: "/api/v1/states/campaigns",
  prediction: "/api/v1/predictions",
  template: "/api/v1/definitions?kind=template",
};

export function useNamed(kind: NamedKind): Choice[] {
  const { data } = useQuery({
    queryKey: ["suggest", "named", kind],
    queryFn: () => api<{ items: { id: string; name?: string }[] }>("GET", WHERE[kind]),
    staleTime: MINUTE,
  });
  return (data?.items ?? []).map(({ id, name }) => ({ id, name: name || id }));
}

/** What a prediction can tell beside a score: the amount it expects, and when somebody is expected next. */
export interface PredictionSeen {
  id: string;
  amounts: boolean;
  dates: boolean;
}

function seenPredictions({ items }: { items: { id: string; target?: object }[] }): PredictionSeen[] {
  return items.map(({ id, target = {} }) => ({ id, amounts: "value" in target, dates: !("churn" in target) }));
}

export function usePredictionsSeen(): PredictionSeen[] {
  const { data } = useQuery({
    queryKey: ["suggest", "named", "prediction"],
    queryFn: () => api<{ items: { id: string; target?: object }[] }>("GET", WHERE.prediction),
    staleTime: MINUTE,
    select: seenPredictions,
  });
  return data ?? NONE;
}

const NONE: PredictionSeen[] = [];

/** Says the name of what an id stands for, once it is known. */
export function useNames(): (kind: string, id: string) => string {
  const of: Record<NamedKind, Choice[]> = {
    segment: useNamed("segment"),
    list: useNamed("list"),
    journey: useNamed("journey"),
    campaign: useNamed("campaign"),
    prediction: useNamed("prediction"),
    template: useNamed("template"),
  };
  return (kind, id) => of[kind as NamedKind]?.find((choice) => choice.id === id)?.name ?? id;
}

interface Definition {
  id: string;
  definition: Record<string, unknown>;
}

/** The subscription groups that templates name. */
export function useGroups(): string[] {
  const { data } = useQuery({
    queryKey: ["suggest", "groups"],
    queryFn: () => api<{ items: Definition[] }>("GET", "/api/v1/definitions", { query: { kind: "template" } }),
    staleTime: MINUTE,
  });
  return [...new Set((data?.items ?? []).map((item) => item.definition.group).filter((g) => typeof g === "string"))];
}

/** The steps of a journey that is in force. */
export function useSteps(journey: string): string[] {
  const { data } = useQuery({
    queryKey: ["suggest", "steps", journey],
    queryFn: () => api<Definition>("GET", `/api/v1/definitions/journey/${encodeURIComponent(journey)}`),
    staleTime: MINUTE,
    enabled: journey !== "",
    retry: false,
  });
  return Object.keys((data?.definition.steps as object | undefined) ?? {});
}
