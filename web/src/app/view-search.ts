// What the visitor looks at, as part of the address, so that it can be shared and survives a reload.
import { parseDate } from "@internationalized/date";
import { useCallback, useMemo } from "react";
import { useSearch } from "wouter";
import { parseTimeZone } from "@/lib/browser-locale";
import type { View } from "@/features/booker/state/offer";
import { writeEntry } from "./browser-history";

export interface ViewSearch {
  date?: string;
  duration?: number;
  zone?: string;
}

/** The view in the address, and a way to change it, which keeps what the entry of the history carries. */
export function useViewSearch() {
  const written = useSearch();
  const search = useMemo(() => parseViewSearch(new URLSearchParams(written)), [written]);
  const change = useCallback(({ date, durationMinutes, timeZone }: Partial<View>) => {
    const next = new URLSearchParams(location.search);
    if (date) next.set("date", date);
    if (durationMinutes) next.set("duration", String(durationMinutes));
    if (timeZone) next.set("zone", timeZone);
    writeEntry("replaceState", history.state, `?${next.toString()}`);
  }, []);
  return [search, change] as const;
}

/** Takes what makes sense and drops the rest. */
function parseViewSearch(search: URLSearchParams): ViewSearch {
  const date = search.get("date");
  const zone = parseTimeZone(search.get("zone"));
  const duration = Number(search.get("duration"));
  return {
    ...(isDate(date) ? { date } : {}),
    ...(duration > 0 ? { duration } : {}),
    ...(zone ? { zone } : {}),
  };
}

function isDate(value: string | null): value is string {
  try {
    return value !== null && parseDate(value).toString() === value;
  } catch {
    return false;
  }
}
