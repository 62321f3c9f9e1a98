// Making a booking, and looking after one with its management token.
import { queryOptions } from "@tanstack/react-query";
import { minutesOf } from "@/lib/slot-range";
import { http, valueOf } from "./client";
import { bearer } from "./moving";
import { isRefusal, retryAfterMs } from "./refusal";
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

function getBooking(uid: string, token: string, signal?: AbortSignal): Promise<Booking> {
  const params = { path: { uid } };
  return valueOf(
    http.GET("/api/v1/bookings/{uid}", { params, headers: bearer(token), signal: signal ?? null }),
  );
}

/** The booking as a calendar reads it (RFC 5545). */
export function bookingCalendar(uid: string, token: string): Promise<string> {
  const params = { path: { uid } };
  return valueOf(
    http.GET("/api/v1/bookings/{uid}/calendar.ics", {
      ...{ params, headers: bearer(token), parseAs: "text" },
    }),
  );
}

const POLL_MS = 5000;
const RETRY_MS = 3000;

export function bookingQuery(uid: string, token: string) {
  return queryOptions<Booking>({
    queryKey: ["booking", uid, token],
    // Others may change it, too: whoever looks at it sees how it is now.
    staleTime: 0,
    refetchInterval: ({ state: { error } }) => {
      if (isRefusal(error)) return false;
      return error ? Math.max(RETRY_MS, retryAfterMs(error)) : POLL_MS;
    },
    queryFn: ({ signal }) => getBooking(uid, token, signal),
  });
}

/** A change of the booking as it was read: what others have changed meanwhile is not overruled. Safe to repeat. */
export function cancelBooking(booking: Booking, token: string, reason: string): Promise<Booking> {
  const { uid, version } = booking;
  const params = { path: { uid } };
  const body = { version, ...(reason ? { reason } : {}) };
  const answer = http.POST("/api/v1/bookings/{uid}/cancel", {
    ...{ params, headers: bearer(token), body },
  });
  return unlessDone(valueOf(answer), booking, token, (now) => now.status === "cancelled");
}

/** The new time, and the session that holds it. */
export interface Move {
  start: string;
  durationMinutes: number;
  sessionId: string;
}

/** A change of the booking as it was read: what others have changed meanwhile is not overruled. Safe to repeat. */
export function rescheduleBooking(booking: Booking, token: string, move: Move): Promise<Booking> {
  const { uid, version } = booking;
  const { start, durationMinutes, sessionId } = move;
  const params = { path: { uid } };
  const body = { version, start, duration_minutes: durationMinutes, session_id: sessionId };
  const answer = http.POST("/api/v1/bookings/{uid}/reschedule", {
    ...{ params, headers: bearer(token), body },
  });
  return unlessDone(
    valueOf(answer),
    booking,
    token,
    (now) => Date.parse(now.start) === Date.parse(start) && minutesOf(now) === durationMinutes,
  );
}

/** After a lost answer the server knows a newer booking than was read: the one that was wanted. */
async function unlessDone(
  change: Promise<Booking>,
  { uid }: Booking,
  token: string,
  isDone: (now: Booking) => boolean,
): Promise<Booking> {
  try {
    return await change;
  } catch (error) {
    if (!isRefusal(error, "conflict")) throw error;
    const now = await getBooking(uid, token);
    if (isDone(now)) return now;
    throw error;
  }
}
