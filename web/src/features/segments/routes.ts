import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const segmentRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments",
    component: lazyRouteComponent(() => import("./pages/SegmentList"), "SegmentList"),
  }),
];
