import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const listRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/lists",
    component: lazyRouteComponent(() => import("./pages/ListOverview"), "ListOverview"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/lists/$id",
    component: lazyRouteComponent(() => import("./pages/ListPage"), "ListPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/imports",
    component: lazyRouteComponent(() => import("./pages/ImportOverview"), "ImportOverview"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/imports/new",
    component: lazyRouteComponent(() => import("./pages/NewImport"), "NewImport"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/imports/$number",
    component: lazyRouteComponent(() => import("./pages/ImportPage"), "ImportPage"),
  }),
];
