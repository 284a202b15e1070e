import { createRouter } from "@tanstack/react-router";
import { campaignRoutes } from "@/features/campaigns/routes";
import { contentRoutes } from "@/features/content/routes";
import { eventRoutes } from "@/features/events/routes";
import { journeyRoutes } from "@/features/journeys/routes";
import { listRoutes } from "@/features/lists/routes";
import { peopleRoutes } from "@/features/people/routes";
import { predictionRoutes } from "@/features/predictions/routes";
import { segmentRoutes } from "@/features/segments/routes";
import { settingsRoutes } from "@/features/settings/routes";
import { signInRoutes } from "@/features/sign-in/routes";
import { homeRoutes } from "@/features/start/routes";
import { rootRoute } from "@/lib/root-route";
import { PageLoading } from "@/ui/Loading";
import { Shell } from "./Shell";
import { BrokenPage, MissingPage } from "./shell/Exceptions";

rootRoute.update({ component: Shell });

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...signInRoutes,
    ...settingsRoutes,
    ...homeRoutes,
    ...peopleRoutes,
    ...segmentRoutes,
    ...listRoutes,
    ...campaignRoutes,
    ...predictionRoutes,
    ...journeyRoutes,
    ...contentRoutes,
    ...eventRoutes,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: BrokenPage,
  defaultNotFoundComponent: MissingPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
