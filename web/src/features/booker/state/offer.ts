// What the booker needs to know about the thing that is booked, and what the visitor looks at.
import type { Moving } from "@/api/moving";
import type { EventType } from "@/api/types";
import { knownZone } from "@/lib/browser-locale";

export interface Offer {
  eventTypeId: string;
  /** The booking for which another time is wanted; null for a new one. */
  moving: Moving | null;
  title: string;
  durationsMinutes: number[];
  /** The zone of the schedule, in which the horizon counts. */
  timeZone: string;
  horizonDays: number;
  /** More than one can have the same time. */
  isShared: boolean;
  /** What is kept free around each booking. */
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
}

export function offerOf(eventType: EventType): Offer {
  return {
    eventTypeId: eventType.id,
    moving: null,
    title: eventType.title,
    durationsMinutes: eventType.durations_minutes,
    timeZone: knownZone(eventType.time_zone).timeZone,
    horizonDays: eventType.horizon_days,
    bufferBeforeMinutes: eventType.buffer_before_minutes,
    bufferAfterMinutes: eventType.buffer_after_minutes,
    isShared: eventType.resources.some((resource) => resource.capacity > 1),
  };
}

export interface View {
  /** YYYY-MM-DD in the visitor's zone; null lets the page choose the first free day. */
  date: string | null;
  durationMinutes: number;
  timeZone: string;
  /** The visitor's own zone is not known: times are shown in another, which is to be told. */
  isZoneInstead: boolean;
}

export interface Viewing {
  view: View;
  onView: (change: Partial<View>) => void;
}
