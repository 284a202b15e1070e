import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { rootRoute } from "@/lib/root-route";

const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/Settings"), "Settings"),
});

export const settingsRoutes = [
  settings.addChildren([
    createRoute({
      getParentRoute: () => settings,
      path: "/",
      beforeLoad: () => {
        throw redirect({ to: "/settings/sources" });
      },
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/sources",
      component: lazyRouteComponent(() => import("./pages/Sources"), "Sources"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/keys",
      component: lazyRouteComponent(() => import("./pages/Keys"), "Keys"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/users",
      component: lazyRouteComponent(() => import("./pages/Users"), "Users"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/channels",
      component: lazyRouteComponent(() => import("./pages/Channels"), "Channels"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/rules",
      component: lazyRouteComponent(() => import("./pages/Rules"), "Rules"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/audit",
      component: lazyRouteComponent(() => import("./pages/Audit"), "Audit"),
    }),
    createRoute({
      getParentRoute: () => settings,
      path: "/account",
      component: lazyRouteComponent(() => import("./pages/Account"), "Account"),
    }),
  ]),
];
