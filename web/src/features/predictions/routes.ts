import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

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
    path: "/predictions/$name",
    component: lazyRouteComponent(() => import("./pages/PredictionPage"), "PredictionPage"),
  }),
];
