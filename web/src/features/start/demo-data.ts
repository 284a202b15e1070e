import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { DemoDataTold } from "@/api/answers";
import { api } from "@/api/client";

const KEY = ["demo-data"];
const PATH = "/api/v1/demo-data";

export const isUnderWay = (data: DemoDataTold | undefined) => data?.state === "loading" || data?.state === "removing";

/** Where demo data stands, asked again while it moves; all pages are asked anew when it is there, and when it is gone. */
export function useDemoData() {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => api<DemoDataTold>("GET", PATH),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? 1_000 : false),
  });
  const last = useRef(data?.state);
  const state = data?.state;
  useEffect(() => {
    if (last.current && state && last.current !== state) void queries.invalidateQueries();
    last.current = state;
  }, [state, queries]);
  const ask = async (method: "POST" | "DELETE") => queries.setQueryData(KEY, await api<DemoDataTold>(method, PATH));
  return { data, load: () => ask("POST"), remove: () => ask("DELETE") };
}
