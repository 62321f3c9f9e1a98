// How instants, dates, durations and offsets are written for a visitor. What is written here is shown, and never read again.
import { useMemo } from "react";
import { type HourCycle, useClock } from "./clock-choice";
import { useI18n } from "./i18n";
import { offsetIn } from "./zoned-date";

/** By how much clocks go back anywhere: half an hour on Lord Howe Island, two hours at Troll, else one. */
const SETBACKS_MS = [1_800_000, 3_600_000, 7_200_000];

/**
 * Writes instants (milliseconds or RFC 3339) in one locale, clock and zone. A wall time that comes
 * twice, because the clocks go back, is told apart by its offset.
 */
export function createTimeFormat(locale: string, hourCycle: HourCycle, timeZone: string) {
  const formatter = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (instant: string | number) => format.format(new Date(instant));
  };
  const plain = formatter({
    hour: hourCycle === "h12" ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle,
  });
  const timeWithOffset = (instant: string | number) =>
    `${plain(instant)} ${writeOffset(offsetIn(timeZone, instant))}`;
  return {
    time: (instant: string | number) =>
      comesTwice(new Date(instant).getTime(), timeZone) ? timeWithOffset(instant) : plain(instant),
    timeWithOffset,
    day: formatter({ weekday: "short", day: "numeric", month: "long" }),
    longDay: formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    month: formatter({ month: "long" }),
    duration: (milliseconds: number) => writeDuration(locale, milliseconds),
  };
}

/** Whether the clocks of the zone show the same again, a setback before or after. */
function comesTwice(at: number, timeZone: string): boolean {
  const offset = offsetIn(timeZone, at);
  return SETBACKS_MS.some(
    (by) =>
      offsetIn(timeZone, at - by) - offset === by || offset - offsetIn(timeZone, at + by) === by,
  );
}

/** How far from Greenwich, as `GMT+5:30`; the same in every language of the pages, and in every browser. */
export function writeOffset(milliseconds: number): string {
  const minutes = Math.abs(Math.round(milliseconds / 60_000));
  // A line may end after a hyphen, but not after a minus.
  const sign = milliseconds < 0 ? "\u2212" : "+";
  const rest = minutes % 60;
  const written = rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`;
  return `GMT${sign}${Math.floor(minutes / 60)}${written}`;
}

/** "1 minute 30 seconds", in whole seconds; what is zero is left out. */
function writeDuration(locale: string, milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 60), "minute"],
    [seconds % 60, "second"],
  ];
  const written = parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) =>
      new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value),
    );
  return written.join(" ");
}

export type TimeFormat = ReturnType<typeof createTimeFormat>;

export function useTimeFormat(timeZone: string): TimeFormat {
  const { locale } = useI18n();
  const { hourCycle } = useClock();
  return useMemo(
    () => createTimeFormat(locale, hourCycle, timeZone),
    [locale, hourCycle, timeZone],
  );
}

/** "9:41": whole minutes and seconds left, never negative. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The clock of a locale; it may be told as 12 hours or not, and by older browsers as that alone. */
export function localeHourCycle(locale: string): HourCycle {
  const { hourCycle, hour12 } = new Intl.DateTimeFormat(locale, {
    hour: "numeric",
  }).resolvedOptions();
  return hourCycle === "h11" || hourCycle === "h12" || (!hourCycle && hour12) ? "h12" : "h23";
}
