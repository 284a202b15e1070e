import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export const contentRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/content",
    component: lazyRouteComponent(() => import("./pages/TemplateList"), "TemplateList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/content/new",
    component: lazyRouteComponent(() => import("./pages/TemplateEditor"), "NewTemplate"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/content/$name",
    component: lazyRouteComponent(() => import("./pages/TemplateEditor"), "TemplatePage"),
  }),
];
