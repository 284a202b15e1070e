import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export interface JourneySearch {
  segment?: string;
  step?: "audience";
  new?: boolean;
  archived?: boolean;
}

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: "/journeys",
  validateSearch: (search: Record<string, unknown>): JourneySearch => ({
    ...(typeof search.segment === "string" ? { segment: search.segment } : {}),
    ...(search.step === "audience" ? { step: "audience" } : {}),
    ...(search.new ? { new: true } : {}),
    ...(search.archived ? { archived: true } : {}),
  }),
  component: lazyRouteComponent(() => import("./pages/JourneyList"), "JourneyList"),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: "/journeys/$name",
  component: lazyRouteComponent(() => import("./pages/JourneyFrame"), "JourneyFrame"),
});

const results = createRoute({
  getParentRoute: () => one,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/Results"), "Results"),
});
const design = createRoute({
  getParentRoute: () => one,
  path: "/design",
  component: lazyRouteComponent(() => import("./pages/Design"), "Design"),
});
const test = createRoute({
  getParentRoute: () => one,
  path: "/test",
  component: lazyRouteComponent(() => import("./pages/Test"), "Test"),
});
const backtest = createRoute({
  getParentRoute: () => one,
  path: "/backtest",
  component: lazyRouteComponent(() => import("./pages/Backtest"), "Backtest"),
});
const versions = createRoute({
  getParentRoute: () => one,
  path: "/versions",
  component: lazyRouteComponent(() => import("./pages/Versions"), "Versions"),
});

export const journeyRoutes = [list, one.addChildren([results, design, test, backtest, versions])];
