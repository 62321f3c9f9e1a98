// Making a booking, and looking after one with its management token.
import { queryOptions } from "@tanstack/react-query";
import { http, valueOf } from "./client";
import { isRefusal } from "./refusal";
import type { paths } from "./schema";
import type { Booking, CreatedBooking } from "./types";

export type BookingRequest = NonNullable<
  paths["/api/v1/bookings"]["post"]["requestBody"]
>["content"]["application/json"];

/** The same key and body give the same booking, however often they are sent. */
export function createBooking(body: BookingRequest, key: string): Promise<CreatedBooking> {
  const params = { header: { "Idempotency-Key": key } };
  return valueOf(http.POST("/api/v1/bookings", { body, params }));
}

function bearer(token: string) {
  return { Authorization: `Bearer ${token}` };
}

const LOOK_MS = 15_000;
const RETRY_MS = 3000;

export function bookingQuery(uid: string, token: string) {
  return queryOptions<Booking>({
    queryKey: ["booking", uid, token],
    // Others may change it, too: whoever comes back to the page sees how it is now.
    staleTime: 0,
    refetchInterval: ({ state: { error } }) => {
      if (isRefusal(error)) return false;
      return error ? RETRY_MS : LOOK_MS;
    },
    queryFn: ({ signal }) =>
      valueOf(
        http.GET("/api/v1/bookings/{uid}", {
          params: { path: { uid } },
          headers: bearer(token),
          signal,
        }),
      ),
  });
}

export function cancelBooking(uid: string, token: string, reason: string): Promise<Booking> {
  return valueOf(
    http.POST("/api/v1/bookings/{uid}/cancel", {
      params: { path: { uid } },
      headers: bearer(token),
      body: reason ? { reason } : {},
    }),
  );
}

/** The new time, and the session that holds it. */
export interface Move {
  start: string;
  durationMinutes: number;
  sessionId: string;
}

export function rescheduleBooking(uid: string, token: string, move: Move): Promise<Booking> {
  return valueOf(
    http.POST("/api/v1/bookings/{uid}/reschedule", {
      params: { path: { uid } },
      headers: bearer(token),
      body: {
        start: move.start,
        duration_minutes: move.durationMinutes,
        session_id: move.sessionId,
      },
    }),
  );
}
