// Why a booking cannot be changed any more.
import type { Booking } from "@/api/types";
import type { MessageKey } from "@/lib/messages/en";

const ENDS: Partial<Record<Booking["status"], MessageKey>> = {
  cancelled: "manage.end.cancelled",
  declined: "manage.end.declined",
  completed: "manage.end.over",
};

/** Why nothing can be changed any more, or null while it can. */
export function endOf(booking: Booking | undefined, now: number): MessageKey | null {
  if (!booking) return null;
  return ENDS[booking.status] ?? (Date.parse(booking.end) <= now ? "manage.end.over" : null);
}
