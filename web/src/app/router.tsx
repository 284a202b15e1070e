import { createRouter } from "@tanstack/react-router";
import { journeyRoutes } from "@/features/journeys/routes";
import { predictionRoutes } from "@/features/predictions/routes";
import { segmentRoutes } from "@/features/segments/routes";
import { rootRoute } from "@/lib/root-route";
import { Shell } from "./Shell";

rootRoute.update({ component: Shell });

export const router = createRouter({
  routeTree: rootRoute.addChildren([...segmentRoutes, ...predictionRoutes, ...journeyRoutes]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
