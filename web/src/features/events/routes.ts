import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const eventRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/events",
    component: lazyRouteComponent(() => import("./pages/EventsPage"), "EventsPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/events/$name",
    component: lazyRouteComponent(() => import("./pages/EventTypePage"), "EventTypePage"),
  }),
];
