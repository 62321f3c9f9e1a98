// Which address shows which page; what the booking page does not need is fetched when it is.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { BookingPage } from "./booking-page";
import { BrokenPage, NotFoundPage } from "./message-pages";
import { parseViewSearch } from "./view-search";

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage });

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./landing-page"), "LandingPage"),
});

const organizationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/$org",
  component: lazyRouteComponent(() => import("./landing-page"), "LandingPage"),
});

export const bookingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/$org/$slug",
  validateSearch: parseViewSearch,
  component: BookingPage,
});

const manageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/bookings/$uid",
  component: lazyRouteComponent(() => import("./manage-route"), "ManageRoute"),
});

export function createPages() {
  return createRouter({
    routeTree: rootRoute.addChildren([homeRoute, organizationRoute, bookingRoute, manageRoute]),
    defaultErrorComponent: BrokenPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
