import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

export interface NewSegmentSearch {
  template?: string;
  parameters?: string;
  copy?: string;
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

export const segmentRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments",
    component: lazyRouteComponent(() => import("./pages/SegmentList"), "SegmentList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments/templates",
    component: lazyRouteComponent(() => import("./pages/TemplateGallery"), "TemplateGallery"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments/new",
    validateSearch: (search: Record<string, unknown>): NewSegmentSearch => {
      const found = { template: text(search.template), parameters: text(search.parameters), copy: text(search.copy) };
      return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
    },
    component: lazyRouteComponent(() => import("./pages/NewSegment"), "NewSegment"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments/$id",
    component: lazyRouteComponent(() => import("./pages/SegmentPage"), "SegmentPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/segments/$id/edit",
    component: lazyRouteComponent(() => import("./pages/EditSegment"), "EditSegment"),
  }),
];
