import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { type ApiProblem, api, type FieldProblem } from "@/api/client";

export type Told = { en: string; fr: string };
export type Kind = "segment" | "template" | "journey" | "campaign";

export interface Parameter {
  name: string;
  kind: "prediction" | "event" | "group" | "id" | "text" | "path" | "length" | "whole" | "percent";
  about: Told;
  least: number;
  most: number;
  default: string | number | null;
  required: boolean;
}

export interface Playbook {
  id: string;
  goal: string;
  name: Told;
  about: Told;
  parameters: Parameter[];
  makes: { kind: Kind; id: string; channel?: string }[];
}

export type Values = Record<string, string | number>;

export interface Made {
  kind: Kind;
  id: string;
  [field: string]: unknown;
}
export interface Change {
  kind: Kind;
  id: string;
  action: "created" | "updated" | "unchanged";
  draft: boolean;
}
export interface Plan {
  definitions: Made[];
  changes: Change[];
  problems: (FieldProblem & { severity: "error" | "warning" })[];
}
export interface Done {
  made: { kind: Kind; id: string; action: "drafted" | "created" | "updated" | "unchanged" | "kept" }[];
}

export const told = (words: Told): string => (i18next.language === "fr" ? words.fr : words.en);

const path = (id: string) => `/api/v1/playbooks/${encodeURIComponent(id)}`;

export function usePlaybooks() {
  return useQuery<{ items: Playbook[] }, ApiProblem>({
    queryKey: ["playbooks"],
    queryFn: ({ signal }) => api("GET", "/api/v1/playbooks", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePlaybook(id: string) {
  return useQuery<Playbook, ApiProblem>({
    queryKey: ["playbooks", id],
    queryFn: ({ signal }) => api("GET", path(id), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What it would make with these values: the last answer stays shown while the next is on its way. */
export function usePlan(id: string, values: Values, isReady: boolean) {
  return useQuery<Plan, ApiProblem>({
    queryKey: ["playbooks", id, "plan", values, i18next.language],
    queryFn: ({ signal }) =>
      api("POST", `${path(id)}/fill`, { body: { parameters: values, language: i18next.language }, signal }),
    enabled: isReady,
    retry: false,
    placeholderData: (before) => before,
  });
}

export function useDraft(id: string) {
  const queries = useQueryClient();
  return useMutation<Done, ApiProblem, { values: Values; replace: boolean }>({
    mutationFn: ({ values, replace }) =>
      api("POST", `${path(id)}/draft`, { body: { parameters: values, language: i18next.language, replace } }),
    onSuccess: () => queries.invalidateQueries(),
  });
}
