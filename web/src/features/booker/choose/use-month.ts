// The month the visitor looks at: its days, the chosen one, and the next month that has anything.
import {
  type CalendarDate,
  endOfMonth,
  parseDate,
  startOfMonth,
  today as todayIn,
} from "@internationalized/date";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { firstFreeDate, type SlotRangeQuery } from "@/api/availability";
import { isSameTime } from "@/lib/slot-range";
import type { Offer, View } from "../state/offer";
import { groupByDay, isOpen, shownDay } from "./slot-days";
import { useLiveSlots } from "./use-live-slots";

/** The most days that one question about days may span. */
const LONGEST_SPAN_DAYS = 62;

export const earlier = (a: CalendarDate, b: CalendarDate) => (a.compare(b) < 0 ? a : b);
export const later = (a: CalendarDate, b: CalendarDate) => (a.compare(b) > 0 ? a : b);

export function useMonth(offer: Offer, view: View) {
  const today = useSameDate(todayIn(view.timeZone));
  const last = useSameDate(todayIn(offer.timeZone).add({ days: offer.horizonDays }));
  const wanted = reachable(view.date, today, last);
  const first = wanted ? parseDate(wanted) : today;
  const [focused, setFocused] = useState<CalendarDate | null>(null);

  // Until the visitor turns a page, a first month without anything free gives way to the next that has.
  const jump = useNextFree(offer, view, today, last, focused === null && wanted === null);
  const jumped = useDeferredValue(jump.date);
  const shown = useSameDate(focused ?? (jumped ? parseDate(jumped) : first));
  const live = useDeferredSlots({
    eventTypeId: offer.eventTypeId,
    moving: offer.moving,
    durationMinutes: view.durationMinutes,
    timeZone: view.timeZone,
    from: later(startOfMonth(shown), earlier(today, last)).toString(),
    to: later(earlier(endOfMonth(shown), last), earlier(today, last)).toString(),
  });
  const { moving } = offer;
  // Whoever moves a booking wants another time than it has.
  const days = useMemo(() => {
    const others = live.slots?.filter((slot) => !moving || !isSameTime(slot, moving.slot));
    return groupByDay(others ?? [], view.timeZone);
  }, [live.slots, view.timeZone, moving]);
  const isEmpty = live.slots !== null && ![...days.values()].some(isOpen);
  const next = useNextFree(offer, view, endOfMonth(shown).add({ days: 1 }), last, isEmpty);
  const [hasBegun, setBegun] = useState(false);
  if (!hasBegun && live.slots !== null) setBegun(true);
  return {
    ...live,
    /** Whether any month was known yet. */
    hasBegun,
    today,
    last,
    shown,
    setFocused,
    days,
    isEmpty,
    next,
    date: shownDay(days, wanted),
  };
}

export type Month = ReturnType<typeof useMonth>;

/** An address may name any date; the past and what lies beyond the horizon cannot be shown. */
function reachable(date: string | null, today: CalendarDate, last: CalendarDate): string | null {
  // ISO dates are in the order of their letters.
  return date !== null && date >= today.toString() && date <= last.toString() ? date : null;
}

/** The same object for as long as it is the same date, so that the month is drawn only when it changes. */
function useSameDate(date: CalendarDate): CalendarDate {
  const written = date.toString();
  return useMemo(() => parseDate(written), [written]);
}

/** The month is large: what changes in it is drawn in pieces, so that a slow phone still answers to a touch meanwhile. */
function useDeferredSlots(range: SlotRangeQuery) {
  const live = useLiveSlots(range);
  const key = JSON.stringify(range);
  const now = useMemo(() => ({ key, slots: live.slots }), [key, live.slots]);
  const drawn = useDeferredValue(now);
  const { slots } = drawn.key === key ? drawn : now;
  return { ...live, slots, isPending: slots === null && live.error === null };
}

/** Asks for the first free date, span by span, until there is one or the horizon is reached. */
function useNextFree(
  offer: Offer,
  view: View,
  from: CalendarDate,
  last: CalendarDate,
  enabled: boolean,
) {
  const { eventTypeId, moving } = offer;
  const { durationMinutes, timeZone } = view;
  const { data, isFetching } = useQuery({
    queryKey: ["next-free", eventTypeId, moving?.uid, durationMinutes, timeZone, from.toString()],
    queryFn: async () => {
      for (
        let start = from;
        start.compare(last) <= 0;
        start = start.add({ days: LONGEST_SPAN_DAYS })
      ) {
        const end = earlier(start.add({ days: LONGEST_SPAN_DAYS - 1 }), last);
        const range = { from: start.toString(), to: end.toString(), moving };
        const date = await firstFreeDate({ eventTypeId, durationMinutes, timeZone, ...range });
        if (date) return date;
      }
      return null;
    },
    enabled,
    staleTime: 30_000,
    // Asked again while somebody looks, the answer could turn the month under their eyes.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return { date: enabled ? (data ?? null) : null, isFetching };
}
