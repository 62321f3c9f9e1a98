// Instants as data of a zone: the date there, and how far the zone is from UTC. Nothing here is for people to read.
import { fromAbsolute, toCalendarDate } from "@internationalized/date";

const zoned = (instant: string | number, timeZone: string) =>
  fromAbsolute(new Date(instant).getTime(), timeZone);

/** YYYY-MM-DD. */
export function dateIn(timeZone: string, instant: string | number): string {
  return toCalendarDate(zoned(instant, timeZone)).toString();
}

/** Milliseconds, more than 0 east of Greenwich. */
export function offsetIn(timeZone: string, instant: string | number): number {
  return zoned(instant, timeZone).offset;
}
