import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useNamed } from "@/lib/suggestions";

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

function asChoices(items: { id: string; name?: string | null }[]): Choice[] {
  return items.map((item) => ({ value: item.id, label: item.name || item.id }));
}

export function useSegments(): Choice[] {
  return asChoices(useNamed("segment"));
}

export function useJourneys(): Choice[] {
  return asChoices(useNamed("journey"));
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
