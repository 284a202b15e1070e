import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const journeyRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/journeys",
    component: lazyRouteComponent(() => import("./pages/JourneyList"), "JourneyList"),
  }),
];
