import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

const WHO = ["known", "anonymous", "all"] as const;
export type Who = (typeof WHO)[number];

/** What the list's address says: a text, and who (those who are known, unless it says otherwise). */
function readSearch(search: Record<string, unknown>): { find?: string; who?: Who } {
  const who = WHO.find((one) => one === search.who && one !== "known");
  const isAsked = typeof search.find === "string" && search.find !== "";
  return { ...(isAsked ? { find: String(search.find) } : {}), ...(who ? { who } : {}) };
}

export const peopleRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/people",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./pages/PeopleList"), "PeopleList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/people/$userId",
    component: lazyRouteComponent(() => import("./pages/PersonPage"), "PersonPage"),
  }),
];
