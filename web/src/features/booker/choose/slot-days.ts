// Slots by the day they fall on for the visitor, and what a day looks like in a calendar.
import type { Slot, SlotRange } from "@/api/types";
import { byStart } from "@/lib/slot-range";
import { dateIn } from "@/lib/zoned-date";

export interface DaySlots {
  slots: Slot[];
  free: number;
  held: number;
}

/** Whether it can be chosen, or waited for. */
export const isWanted = ({ state }: Slot): boolean => state === "free" || state === "held";

/** Whether there is anything to choose, or to wait for. */
export function isOpen(day: DaySlots | undefined): day is DaySlots {
  return day !== undefined && day.free + day.held > 0;
}

const FEW = 2;

export function groupByDay(slots: Slot[], timeZone: string): Map<string, DaySlots> {
  const days = new Map<string, DaySlots>();
  for (const slot of slots) {
    const date = dateIn(timeZone, slot.start);
    const day = days.get(date) ?? { slots: [], free: 0, held: 0 };
    day.slots.push(slot);
    if (slot.state === "free" || slot.state === "held") day[slot.state] += 1;
    days.set(date, day);
  }
  return days;
}

/** `most` is what the fullest day around has: where no day ever has more, few is nothing to be told of. */
export function hasFew(day: DaySlots, most: number): boolean {
  return day.free > 0 && day.free <= FEW && most > FEW;
}

/** The day to show: the wanted one if it has anything, else the first with a free time, else the first. */
export function shownDay(days: Map<string, DaySlots>, wanted: string | null): string | null {
  if (wanted !== null && days.has(wanted)) return wanted;
  const dates = [...days.keys()].filter((date) => isOpen(days.get(date))).sort();
  return dates.find((date) => (days.get(date)?.free ?? 0) > 0) ?? dates[0] ?? null;
}

/**
 * What is shown of a day's slots, and what has become free since they were listed: it is kept aside
 * until somebody asks for it, so that nothing listed moves.
 */
export function setAside(slots: Slot[], listed: ReadonlySet<string>) {
  return {
    shown: slots.filter(({ start }) => listed.has(start)),
    aside: slots.filter(({ start, state }) => state === "free" && !listed.has(start)),
  };
}

/** The day to go on showing: the one that is shown for as long as it has anything to show, else the offered one. */
export function keptDay(
  days: Map<string, DaySlots>,
  shown: string | null,
  offered: string | null,
): string | null {
  return shown !== null && days.has(shown) ? shown : offered;
}

/** The free slots nearest in time, in order of their start. */
export function nearestFree(slots: Slot[], start: string, count: number): Slot[] {
  const at = Date.parse(start);
  const distance = (slot: Slot) => Math.abs(Date.parse(slot.start) - at);
  return slots
    .filter((slot) => slot.state === "free" && slot.start !== start)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .sort(byStart);
}

/** What a time is now; of what is not listed nothing else is known than that the server has offered it. */
export function stateIn(live: Slot[], { start, end }: SlotRange): Slot["state"] {
  return live.find((slot) => slot.start === start && slot.end === end)?.state ?? "free";
}
