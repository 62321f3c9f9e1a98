// Which address shows which page; what the booking page does not need is fetched when it is.
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { BookingPage } from "./booking-page";
import { ErrorBoundary } from "./error-boundary";
import { NotFoundPage } from "./message-pages";

const LandingPage = lazy(() =>
  import("./landing-page").then((module) => ({ default: module.LandingPage })),
);
const ManageRoute = lazy(() =>
  import("./manage-route").then((module) => ({ default: module.ManageRoute })),
);

export function Pages() {
  return (
    <ErrorBoundary>
      <Suspense>
        <Switch>
          <Route path="/">
            <LandingPage />
          </Route>
          <Route path="/:org">{({ org }) => <LandingPage org={org} />}</Route>
          <Route path="/bookings/:uid">{({ uid }) => <ManageRoute uid={uid} />}</Route>
          <Route path="/:org/:slug">
            {({ org, slug }) => <BookingPage org={org} slug={slug} />}
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
