import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PublishedDefinition } from "@/api/answers";
import { api } from "@/api/client";
import type { Definition } from "./form";

export type Published = PublishedDefinition & { definition: Definition };

const KEY = ["definitions", "settings"];

/** The settings that are in force; null where none were ever published. */
export function useRules() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const { items } = await api<{ items: Published[] }>("GET", "/api/v1/definitions", {
        query: { kind: "settings" },
      });
      return items[0] ?? null;
    },
  });
}

interface Answer {
  changes: { version: number }[];
}

/** Publishes them, if the version that the author looked at (0: none) is in force still. */
export function useSaveRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ definition, version }: { definition: Definition; version: number }) =>
      api<Answer>("POST", "/api/v1/definitions", {
        body: { definitions: [definition], expect: { "settings:settings": version } },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
