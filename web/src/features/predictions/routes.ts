import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export interface PlaybookSearch {
  /** The prediction that it is to work on. */
  prediction?: string;
}

const validateSearch = (search: Record<string, unknown>): PlaybookSearch =>
  typeof search.prediction === "string" ? { prediction: search.prediction } : {};

export const predictionRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/predictions",
    component: lazyRouteComponent(() => import("./pages/PredictionList"), "PredictionList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/predictions/new",
    component: lazyRouteComponent(() => import("./pages/NewPrediction"), "NewPrediction"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/predictions/playbooks",
    validateSearch,
    component: lazyRouteComponent(() => import("./playbooks/PlaybookGallery"), "PlaybookGallery"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/predictions/playbooks/$id",
    validateSearch,
    component: lazyRouteComponent(() => import("./playbooks/PlaybookPage"), "PlaybookPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/predictions/$name",
    component: lazyRouteComponent(() => import("./pages/PredictionPage"), "PredictionPage"),
  }),
];
