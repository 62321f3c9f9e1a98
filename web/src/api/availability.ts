// The slots of a range and the days that have any, as queries, and where their live stream is.
import { queryOptions } from "@tanstack/react-query";
import { http, valueOf } from "./client";
import { fieldFor, type Moving, shownFor } from "./moving";
import type { SlotStream } from "./slot-stream";
import type { Slot } from "./types";

/** What a visitor looks at: one event type and duration, over dates of the visitor's zone, both inclusive; for a booking that shall move, or for a new one. */
export interface SlotRangeQuery {
  eventTypeId: string;
  durationMinutes: number;
  from: string;
  to: string;
  timeZone: string;
  moving: Moving | null;
}

function queryOf(range: SlotRangeQuery) {
  return {
    from: range.from,
    to: range.to,
    duration_minutes: range.durationMinutes,
    time_zone: range.timeZone,
    ...fieldFor(range.moving),
  };
}

export function slotsQuery(range: SlotRangeQuery) {
  return queryOptions<Slot[]>({
    queryKey: ["slots", range],
    queryFn: async ({ signal }) => {
      const params = { path: { id: range.eventTypeId }, query: queryOf(range) };
      const headers = shownFor(range.moving);
      const answer = await valueOf(
        http.GET("/api/v1/event-types/{id}/slots", { params, headers, signal }),
      );
      return answer.slots;
    },
  });
}

export function slotStreamOf(range: SlotRangeQuery): SlotStream {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(queryOf(range))) query.set(key, String(value));
  const url = `/api/v1/event-types/${range.eventTypeId}/slots/stream?${query.toString()}`;
  return { url, shown: shownFor(range.moving) };
}

/** The first date in the range on which anything is free, or null. */
export async function firstFreeDate(range: SlotRangeQuery): Promise<string | null> {
  const params = { path: { id: range.eventTypeId }, query: queryOf(range) };
  const headers = shownFor(range.moving);
  const answer = await valueOf(http.GET("/api/v1/event-types/{id}/days", { params, headers }));
  return answer.days.find((day) => day.free > 0)?.date ?? null;
}
