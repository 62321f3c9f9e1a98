// The slots of a range and the days that have any, as queries, and the address of their live stream.
import { queryOptions } from "@tanstack/react-query";
import { http, valueOf } from "./client";
import type { Slot } from "./types";

/** What a visitor looks at: one event type and duration, over dates of the visitor's zone, both inclusive. */
export interface SlotRangeQuery {
  eventTypeId: string;
  durationMinutes: number;
  from: string;
  to: string;
  timeZone: string;
}

function queryOf(range: SlotRangeQuery) {
  return {
    from: range.from,
    to: range.to,
    duration_minutes: range.durationMinutes,
    time_zone: range.timeZone,
  };
}

export function slotsQuery(range: SlotRangeQuery) {
  return queryOptions<Slot[]>({
    queryKey: ["slots", range],
    queryFn: async ({ signal }) => {
      const params = { path: { id: range.eventTypeId }, query: queryOf(range) };
      const answer = await valueOf(http.GET("/api/v1/event-types/{id}/slots", { params, signal }));
      return answer.slots;
    },
  });
}

export function slotStreamUrl(range: SlotRangeQuery): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(queryOf(range))) query.set(key, String(value));
  return `/api/v1/event-types/${range.eventTypeId}/slots/stream?${query.toString()}`;
}

/** The first date in the range on which anything is free, or null. */
export async function firstFreeDate(range: SlotRangeQuery): Promise<string | null> {
  const params = { path: { id: range.eventTypeId }, query: queryOf(range) };
  const answer = await valueOf(http.GET("/api/v1/event-types/{id}/days", { params }));
  return answer.days.find((day) => day.free > 0)?.date ?? null;
}
