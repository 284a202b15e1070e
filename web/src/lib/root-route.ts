import { createRootRoute } from "@tanstack/react-router";

/** The route above all others. `app/router` gives it the shell; features hang their own routes under it. */
export const rootRoute = createRootRoute();
