import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";

export interface Passage {
  user_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  status: string;
  reason: string | null;
  entered_at: string;
  ended_at: string | null;
  step_at: string | null;
  left_to: string | null;
  due_at: string | null;
  enrollment_id: string;
}

/** Which people: of a step or of all, by state, way, reason or version. */
export interface Chosen {
  step?: string;
  state?: string;
  way?: string;
  reason?: string;
  version?: number;
}

const PAGE = 25;

export const passagesOf = (id: string, chosen: Chosen) =>
  infiniteQueryOptions({
    queryKey: ["journey", id, "passages", chosen],
    queryFn: ({ pageParam, signal }) =>
      api<{ items: Passage[]; next: string | null }>("GET", `/api/v1/journeys/${encodeURIComponent(id)}/passages`, {
        query: { ...chosen, limit: PAGE, after: pageParam },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** Where the same people are had as a file. */
export function exportAddress(id: string, chosen: Chosen): string {
  const query = new URLSearchParams({ format: "csv", bom: "true" });
  for (const [name, value] of Object.entries(chosen))
    if (value !== undefined && value !== "") query.set(name, String(value));
  return `/api/v1/journeys/${encodeURIComponent(id)}/passages/export?${query}`;
}
