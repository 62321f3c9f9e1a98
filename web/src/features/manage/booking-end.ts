// Why a booking cannot be changed any more.
import type { Booking } from "@/api/types";
import type { MessageKey } from "@/lib/messages/en";

const ENDS: Partial<Record<Booking["status"], MessageKey>> = {
  cancelled: "manage.end.cancelled",
  declined: "manage.end.declined",
  completed: "manage.end.over",
  no_show: "manage.end.missed",
};

/** Why nothing can be changed any more, or null while it can. */
export function endOf(booking: Booking | undefined, now: number): MessageKey | null {
  if (!booking) return null;
  const ended = ENDS[booking.status];
  if (ended) return ended;
  if (Date.parse(booking.end) <= now) return "manage.end.over";
  // From its start on a booking is changed by its host alone.
  return Date.parse(booking.start) <= now ? "manage.end.begun" : null;
}
