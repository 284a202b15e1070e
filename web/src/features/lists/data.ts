import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, type FieldProblem } from "@/api/client";

export interface ListRow {
  id: string;
  name: string;
  members: number;
  created_at?: string;
}

const path = (id: string, more = "") => `/api/v1/lists/${encodeURIComponent(id)}${more}`;

export function useLists() {
  return useQuery({ queryKey: ["lists"], queryFn: () => api<{ items: ListRow[] }>("GET", "/api/v1/lists") });
}

export function useList(id: string) {
  return useQuery({ queryKey: ["lists", id], queryFn: () => api<ListRow>("GET", path(id)) });
}

export function useListMembers(id: string, after: string) {
  return useQuery({
    queryKey: ["lists", id, "members", after],
    queryFn: () =>
      api<{ items: { user_id: string; since: string }[]; next: string | null }>("GET", path(id, "/members"), {
        query: { limit: 50, after },
      }),
  });
}

export interface ListChange {
  added?: number;
  removed?: number;
  unchanged: number;
  unknown: string[];
}

export function useListChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb, body }: { id: string; verb: "make" | "add" | "remove" | "delete"; body?: object }) => {
      if (verb === "make") return api<ListChange>("POST", "/api/v1/lists", { body: { id, ...body } });
      if (verb === "delete") return api<ListChange>("DELETE", path(id));
      return api<ListChange>("POST", path(id, verb === "add" ? "/members" : "/members/remove"), { body });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["suggest"] });
      return queries.invalidateQueries({ queryKey: ["lists"] });
    },
  });
}

export interface ImportShown {
  id: number;
  file: string;
  source: string;
  live: boolean;
  state: "running" | "done" | "failed" | "stopped";
  error: string | null;
  started_at: string;
  updated_at: string;
  rows: number;
  events: number;
  already_there: number;
  rejected: number;
  progress: number;
  waiting: boolean;
  already_done?: boolean;
}

const BUSY_MS = 1_000;

export function useImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: () => api<{ items: ImportShown[] }>("GET", "/api/v1/imports", { query: { limit: 100 } }),
    refetchInterval: (query) => (query.state.data?.items.some((one) => one.state === "running") ? BUSY_MS : false),
  });
}

export function useImport(number: string) {
  return useQuery({
    queryKey: ["imports", number],
    queryFn: () => api<ImportShown>("GET", `/api/v1/imports/${number}`),
    refetchInterval: (query) => (query.state.data?.state === "running" ? BUSY_MS : false),
  });
}

export interface Reject {
  row: number;
  line: number;
  column: string | null;
  code: string;
  message: string;
  excerpt: string;
}

export function useRejects(number: string, enabled: boolean, after: number) {
  return useQuery({
    queryKey: ["imports", number, "rejects", after],
    queryFn: () =>
      api<{ items: Reject[] }>("GET", `/api/v1/imports/${number}/rejects`, { query: { limit: 50, after } }),
    enabled,
  });
}

export interface Look {
  file: string;
  bytes: number;
  columns: string[];
  rows: string[][];
  mapping: Record<string, unknown> | null;
  guessed: boolean;
  events: unknown[];
  rejects: Reject[];
  problems: FieldProblem[];
}

/** What a file's first rows would become under a mapping. */
export function useLook(file: string | null, mapping: unknown) {
  return useQuery({
    queryKey: ["imports", "look", file, mapping],
    queryFn: () => api<Look>("POST", "/api/v1/imports/look", { body: { file, mapping: mapping ?? null } }),
    enabled: file !== null,
    retry: false,
    placeholderData: (before) => before,
  });
}

/** Send a file as it is, telling how much of it has gone; `signal` takes it back. Throws `ApiProblem`. */
export function sendFile(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ file: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/imports/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-Relance", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      const told = JSON.parse(request.responseText || "{}") as Record<string, unknown>;
      if (request.status < 300) resolve(told as { file: string });
      else {
        const errors = (told.errors as FieldProblem[] | undefined) ?? [];
        reject(
          new ApiProblem(
            request.status,
            String(told.code ?? "error"),
            String(told.message ?? request.statusText),
            errors,
          ),
        );
      }
    };
    request.onerror = () => reject(new ApiProblem(0, "unreachable", "The server cannot be reached."));
    request.onabort = () => reject(new DOMException("taken back", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
