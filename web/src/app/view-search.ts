// What the viewer looks at, as part of the address, so that it can be shared and survives a reload.
import { parseDate } from "@internationalized/date";

export interface ViewSearch {
  date?: string;
  duration?: number;
  zone?: string;
}

/** Takes what makes sense and drops the rest. */
export function parseViewSearch(search: Record<string, unknown>): ViewSearch {
  const { date, duration, zone } = search;
  return {
    ...(isDate(date) ? { date } : {}),
    ...(typeof duration === "number" ? { duration } : {}),
    ...(isZone(zone) ? { zone } : {}),
  };
}

function isDate(value: unknown): value is string {
  try {
    return typeof value === "string" && parseDate(value).toString() === value;
  } catch {
    return false;
  }
}

function isZone(value: unknown): value is string {
  try {
    return typeof value === "string" && !!new Intl.DateTimeFormat("en", { timeZone: value });
  } catch {
    return false;
  }
}
