import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const signInRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/welcome",
    component: lazyRouteComponent(() => import("./pages/Welcome"), "Welcome"),
  }),
];
