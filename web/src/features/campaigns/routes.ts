import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

/** What a new campaign begins with: a segment, a selection of a prediction, or another campaign, perhaps to those it interested. */
export interface NewCampaignSearch {
  segment?: string;
  prediction?: string;
  from_score?: number;
  to_score?: number;
  category?: string;
  from?: string;
  retarget?: boolean;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);

function readSearch(search: Record<string, unknown>): NewCampaignSearch {
  const found = {
    segment: text(search.segment),
    prediction: text(search.prediction),
    from_score: number(search.from_score),
    to_score: number(search.to_score),
    category: text(search.category),
    from: text(search.from),
    retarget: search.retarget === true || undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export const campaignRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/campaigns",
    component: lazyRouteComponent(() => import("./pages/CampaignList"), "CampaignList"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/campaigns/new",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./pages/NewCampaign"), "NewCampaign"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/campaigns/$id",
    component: lazyRouteComponent(() => import("./pages/CampaignPage"), "CampaignPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/campaigns/$id/edit",
    component: lazyRouteComponent(() => import("./pages/EditCampaign"), "EditCampaign"),
  }),
];
