import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const peopleRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/people",
    validateSearch: (search: Record<string, unknown>): { find?: string } =>
      typeof search.find === "string" && search.find ? { find: search.find } : {},
    component: lazyRouteComponent(() => import("./pages/PeopleList"), "PeopleList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/people/$userId",
    component: lazyRouteComponent(() => import("./pages/PersonPage"), "PersonPage"),
  }),
];
