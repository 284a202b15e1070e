import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PublishedDefinition } from "@/api/answers";
import { type ApiProblem, api } from "@/api/client";

export const CHANNELS = ["email", "sms", "push", "in_app", "webhook"] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** A template as it is defined; which fields it has depends on the channel. */
export interface Template {
  kind: "template";
  id: string;
  name?: string;
  channel: ChannelName;
  status?: "draft" | "ready";
  subject?: string;
  title?: string;
  body?: unknown;
  link?: string;
  url?: string;
  method?: string;
  headers?: Record<string, string>;
  [other: string]: unknown;
}

export type Published = PublishedDefinition & { definition: Template };

export interface Rendered {
  channel: ChannelName;
  subject: string | null;
  title: string | null;
  body: string | null;
  html: boolean;
  text: string;
  link: string | null;
  method: string | null;
  url: string | null;
  headers: Record<string, string>;
}

export interface Fault {
  pointer: string;
  message: string;
  line: number | null;
  column: number | null;
}

export interface Preview {
  rendered: Rendered | null;
  problems: Fault[];
}

export interface Looked {
  template: Template;
  userId: string | null;
  event: { name: string; properties: unknown } | null;
}

export interface Person {
  user_id: string;
  email: string | null;
  traits: Record<string, unknown>;
}

const LIST = ["definitions", "template"] as const;
const RENDERED = ["subject", "title", "body", "link", "url", "method", "headers"] as const;

export function useTemplates() {
  return useQuery({
    queryKey: LIST,
    queryFn: ({ signal }) =>
      api<{ items: Published[] }>("GET", "/api/v1/definitions", { query: { kind: "template" }, signal }),
  });
}

export function useTemplate(id: string | undefined) {
  return useQuery<Published, ApiProblem>({
    queryKey: [...LIST, id],
    queryFn: ({ signal }) => api<Published>("GET", `/api/v1/definitions/template/${id}`, { signal }),
    enabled: id !== undefined,
    refetchOnMount: "always",
  });
}

/** What the preview and the test send take of a template. */
export function askedOf({ template, userId, event }: Looked): Record<string, unknown> {
  const fields: Record<string, unknown> = { channel: template.channel };
  for (const name of RENDERED) if (template[name] !== undefined) fields[name] = template[name];
  return { template: fields, ...(userId ? { user_id: userId } : {}), ...(event ? { event } : {}) };
}

export function usePreview(looked: Looked) {
  const body = askedOf(looked);
  return useQuery<Preview, ApiProblem>({
    queryKey: ["template-preview", body],
    queryFn: ({ signal }) => api<Preview>("POST", "/api/v1/templates/preview", { body, signal }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  });
}

interface Change {
  version: number | null;
}

/** Publishes the template; `version` is the one that was looked at, 0 for a new one. */
export function useSave(version: number) {
  const queries = useQueryClient();
  return useMutation<{ changes: Change[] }, ApiProblem, Template>({
    mutationFn: (template) =>
      api("POST", "/api/v1/definitions", {
        body: { definitions: [template], expect: { [`template:${template.id}`]: version } },
      }),
    // Also when somebody else was first (409): then one sees theirs, and may put one's own over it.
    onSettled: () => queries.invalidateQueries({ queryKey: LIST }),
  });
}

export interface TestAnswer {
  sent: boolean;
  to: string;
  message?: string;
}

export function useSendTest() {
  return useMutation<TestAnswer, ApiProblem, { looked: Looked; to: string }>({
    mutationFn: ({ looked, to }) =>
      api("POST", "/api/v1/templates/test", { body: { ...askedOf(looked), to, id: looked.template.id } }),
  });
}

export function usePeople(text: string) {
  return useQuery({
    queryKey: ["profiles", "pick", text],
    queryFn: ({ signal }) =>
      api<{ items: Person[] }>("GET", "/api/v1/profiles", { query: { query: text, limit: 8 }, signal }),
    placeholderData: keepPreviousData,
  });
}

interface Told {
  properties: { path: string; types: { type: string; example?: unknown }[] }[];
}

/** An example of each property of an event, put together to one event. */
export function useExample(name: string | null) {
  return useQuery({
    queryKey: ["event-types", name, "example"],
    queryFn: ({ signal }) => api<Told>("GET", `/api/v1/event-types/${encodeURIComponent(name ?? "")}`, { signal }),
    enabled: name !== null,
    staleTime: 60_000,
    select: (told) => ({
      paths: told.properties.map((one) => one.path),
      properties: Object.fromEntries(
        told.properties
          .filter((one) => !one.path.includes("."))
          .map((one) => [one.path, one.types[0]?.example ?? null]),
      ),
    }),
  });
}

/** Events with the schemas that are registered for them. */
export function useSchemas() {
  return useQuery({
    queryKey: ["suggest", "events"],
    queryFn: () =>
      api<{ items: { name: string; definitions: { schema?: Record<string, string> }[] }[] }>(
        "GET",
        "/api/v1/event-types",
      ),
    staleTime: 60_000,
  }).data?.items;
}
