// What an organization offers, as queries.
import { queryOptions } from "@tanstack/react-query";
import { http, valueOf } from "./client";
import { firstAnswer } from "./first-answer";
import type { Catalog, Offer } from "./types";

export function catalogQuery(org: string) {
  return queryOptions({
    queryKey: ["catalog", org],
    initialData: () => firstAnswer(`/api/v1/public/${org}/event-types`) as Catalog | undefined,
    queryFn: ({ signal }) =>
      valueOf(http.GET("/api/v1/public/{org}/event-types", { params: { path: { org } }, signal })),
  });
}

/** Whose an event type is, and what it offers while it is active: for who knows only its id. */
export function pageQuery(eventTypeId: string) {
  return queryOptions({
    queryKey: ["page", eventTypeId],
    queryFn: ({ signal }) =>
      valueOf(
        http.GET("/api/v1/event-types/{id}/page", {
          params: { path: { id: eventTypeId } },
          signal,
        }),
      ),
  });
}

export function offerQuery(org: string, slug: string) {
  return queryOptions({
    queryKey: ["offer", org, slug],
    initialData: () =>
      firstAnswer(`/api/v1/public/${org}/event-types/${slug}`) as Offer | undefined,
    queryFn: ({ signal }) =>
      valueOf(
        http.GET("/api/v1/public/{org}/event-types/{slug}", {
          params: { path: { org, slug } },
          signal,
        }),
      ),
  });
}
