import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { OverTime } from "@/api/answers";
import { api, type FieldProblem } from "@/api/client";
import type { Condition } from "@/lib/conditions/condition";
import type { Channel } from "./form";

export interface ChannelFigures {
  waiting: number;
  sent: number;
  blocked: Record<string, number>;
  failed: Record<string, number>;
  expired: number;
  delivered: number;
  opened: number;
  clicked: number;
  replied: number;
  bounced: number;
  complained: number;
  unsubscribed: number;
  opened_by_machines: number;
}

interface Share {
  value: number;
  low: number;
  high: number;
}

export interface Report {
  id: string;
  name: string;
  state: string;
  published_at: string;
  entered: number;
  inside: number;
  messages: { message?: Partial<Record<string, ChannelFigures>> };
  variants: ({ id: string; channel: string } & ChannelFigures)[];
  definition: Record<string, unknown>;
  schedule?: { occurrences: { at: string; timezone?: string; found: number }[]; waiting: number } | null;
  conversions?: {
    event: string;
    within?: string | null;
    sent: { people: number; reached: number; percent: Share | null };
  }[];
}

export interface StateRow {
  id: string;
  name: string;
  state: string;
  version?: number;
  draft: boolean;
  published_at?: string | null;
  archived_at?: string | null;
}

const path = (id: string, more = "") => `/api/v1/campaigns/${encodeURIComponent(id)}${more}`;

export function useStates(archived: boolean) {
  return useQuery({
    queryKey: ["campaigns", "states", archived],
    queryFn: () => api<{ items: StateRow[] }>("GET", "/api/v1/states/campaigns", { query: { archived } }),
    refetchInterval: 15_000,
  });
}

export function useReports() {
  return useQuery({
    queryKey: ["campaigns", "reports"],
    queryFn: () => api<{ items: Report[] }>("GET", "/api/v1/campaigns"),
    refetchInterval: 15_000,
  });
}

export function useReport(id: string, enabled = true) {
  return useQuery({
    queryKey: ["campaign", id, "report"],
    queryFn: () => api<Report>("GET", path(id, "/report")),
    enabled,
    refetchInterval: 10_000,
  });
}

export function useOverTime(id: string) {
  return useQuery({
    queryKey: ["campaign", id, "over-time"],
    queryFn: () => api<OverTime>("GET", path(id, "/over-time")),
    refetchInterval: 30_000,
  });
}

export interface CampaignShown {
  id: string;
  state: string;
  archived_at: string | null;
  versions: { version: number; published_at: string; by: string; definition: Record<string, unknown> }[];
  draft: { definition: Record<string, unknown>; saved_at: string; saved_by: string } | null;
}

export function useCampaign(id: string) {
  return useQuery({
    queryKey: ["campaign", id],
    queryFn: () => api<CampaignShown>("GET", path(id)),
    enabled: id !== "",
    retry: false,
  });
}

export interface Template {
  id: string;
  name: string;
  version: number;
  definition: {
    channel: string;
    subject?: string;
    title?: string;
    body?: string;
    link?: string;
    status?: string;
  } & Record<string, unknown>;
}

export function useTemplates() {
  return useQuery({
    queryKey: ["templates"],
    queryFn: () => api<{ items: Template[] }>("GET", "/api/v1/definitions", { query: { kind: "template" } }),
    staleTime: 10_000,
  });
}

export interface Figure {
  members: number;
}

export interface Preview extends Figure {
  at: string;
  people: number;
  exact: boolean;
  reach: Record<Channel, Figure>;
  sample?: Sampled[];
}

export function useAudience(where: Condition, enabled = true) {
  return useQuery({
    queryKey: ["preview", where, "audience"],
    queryFn: ({ signal }) =>
      api<Preview>("POST", "/api/v1/segments/preview", { body: { where, exact: true, sample: 5 }, signal }),
    enabled,
    retry: false,
    placeholderData: (before) => before,
  });
}

/** Somebody to show a message as. */
export interface Sampled {
  user_id: string;
  name: string | null;
}

export function useAnybody(): Sampled | undefined {
  const { data } = useQuery({
    queryKey: ["people", "anybody"],
    queryFn: () => api<{ items: { user_id: string }[] }>("GET", "/api/v1/profiles", { query: { limit: 1 } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = data?.items[0];
  return found && { user_id: found.user_id, name: null };
}

export interface Rendered {
  rendered?: { subject: string | null; title: string | null; body: string; html: boolean; link: string | null };
  problems: FieldProblem[];
}

export function useRendered(template: Record<string, unknown> | undefined, userId: string | undefined) {
  return useQuery({
    queryKey: ["rendered", template, userId],
    queryFn: ({ signal }) =>
      api<Rendered>("POST", "/api/v1/templates/preview", { body: { template, user_id: userId }, signal }),
    enabled: template !== undefined && userId !== undefined,
    retry: false,
    placeholderData: (before) => before,
  });
}

export interface Saved {
  problems: FieldProblem[];
}

/** Keeps a draft, with the templates that were written for it. */
export function useSaveDraft() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ definition, templates }: { definition: Record<string, unknown>; templates: object[] }) => {
      if (templates.length > 0) await api("POST", "/api/v1/definitions", { body: { definitions: templates } });
      return api<Saved>("PUT", path(String(definition.id), "/draft"), { body: definition });
    },
    onSuccess: async () => {
      for (const key of ["campaigns", "campaign", "templates"]) await queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useAct(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, body }: { verb: string; body?: object }) =>
      verb === "drop" ? api("DELETE", path(id, "/draft")) : api("POST", path(id, `/${verb}`), { body: body ?? {} }),
    onSettled: async () => {
      for (const key of ["campaigns", "campaign"]) await queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** The figures of all channels together. */
export function totals(report: Report): ChannelFigures {
  const zero: ChannelFigures = {
    waiting: 0,
    sent: 0,
    blocked: {},
    failed: {},
    expired: 0,
    delivered: 0,
    opened: 0,
    clicked: 0,
    replied: 0,
    bounced: 0,
    complained: 0,
    unsubscribed: 0,
    opened_by_machines: 0,
  };
  const add = (into: Record<string, number>, found: Record<string, number>) => {
    for (const [reason, n] of Object.entries(found)) into[reason] = (into[reason] ?? 0) + n;
  };
  for (const figures of Object.values(report.messages.message ?? {})) {
    if (!figures) continue;
    add(zero.blocked, figures.blocked);
    add(zero.failed, figures.failed);
    for (const [name, n] of Object.entries(figures)) {
      if (typeof n === "number")
        (zero as unknown as Record<string, number>)[name] = Number(zero[name as "sent"] ?? 0) + n;
    }
  }
  return zero;
}
