import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";

/** What can be chosen in the inspector, as the installation knows it. Each list is asked for once and kept a minute. */

export interface Choice {
  value: string;
  label: string;
}

export interface TemplateChoice extends Choice {
  channel: string;
  status: string;
}

interface Listed {
  items: { id: string; name?: string | null }[];
}

function useListed(path: string): Listed["items"] {
  const asked = useQuery({
    queryKey: ["choices", path],
    queryFn: ({ signal }) => api<Listed>("GET", path, { signal }),
    staleTime: 60_000,
    retry: false,
  });
  return asked.data?.items ?? [];
}

function asChoices(items: Listed["items"]): Choice[] {
  return items.map((item) => ({ value: item.id, label: item.name || item.id }));
}

export function useSegments(): Choice[] {
  return asChoices(useListed("/api/v1/segments"));
}

export function useJourneys(): Choice[] {
  return asChoices(useListed("/api/v1/states/journeys"));
}

export function useAudiences(): Choice[] {
  return asChoices(useListed("/api/v1/audiences"));
}

export function useTemplates(channel: string): TemplateChoice[] {
  const asked = useQuery({
    queryKey: ["choices", "templates"],
    queryFn: ({ signal }) =>
      api<{ items: { id: string; name?: string | null; definition: { channel?: string; status?: string } }[] }>(
        "GET",
        "/api/v1/definitions",
        { query: { kind: "template" }, signal },
      ),
    staleTime: 60_000,
    retry: false,
  });
  return (asked.data?.items ?? [])
    .filter((item) => item.definition.channel === channel)
    .map((item) => ({
      value: item.id,
      label: item.name || item.id,
      channel,
      status: item.definition.status ?? "ready",
    }));
}

/** The names of events, those seen most first. */
export function useEventNames(): string[] {
  const asked = useQuery({
    queryKey: ["choices", "event-types"],
    queryFn: ({ signal }) =>
      api<{ items: { name: string; seen?: { count: number } | null }[] }>("GET", "/api/v1/event-types", { signal }),
    staleTime: 60_000,
    retry: false,
  });
  return [...(asked.data?.items ?? [])]
    .sort((a, b) => (b.seen?.count ?? 0) - (a.seen?.count ?? 0))
    .map((item) => item.name);
}

/** The paths of an event's properties that were seen. */
export function useProperties(event: string): string[] {
  const asked = useQuery({
    queryKey: ["choices", "event-type", event],
    queryFn: ({ signal }) =>
      api<{ properties?: { path: string }[] }>("GET", `/api/v1/event-types/${encodeURIComponent(event)}`, { signal }),
    enabled: event !== "",
    staleTime: 60_000,
    retry: false,
  });
  return [...new Set((asked.data?.properties ?? []).map((one) => one.path))];
}
