// How instants, dates and durations are written for a reader.
import { useMemo } from "react";
import { useClock } from "./clock-choice";
import { useSpeech } from "./language";

export type HourCycle = "h12" | "h23";

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
  const clock: Intl.DateTimeFormatOptions = {
    hour: hourCycle === "h12" ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle,
  };
  const plain = formatter(clock);
  const withOffset = formatter({ ...clock, timeZoneName: "shortOffset" });
  // A line may end after a hyphen, but not after a minus.
  const timeWithOffset = (instant: string | number) =>
    withOffset(instant).replace(/GMT-/, "GMT\u2212");
  return {
    time: (instant: string | number) => {
      const [at, text] = [new Date(instant).getTime(), plain(instant)];
      const isRepeated = SETBACKS_MS.some(
        (by) => plain(at - by) === text || plain(at + by) === text,
      );
      return isRepeated ? timeWithOffset(instant) : text;
    },
    timeWithOffset,
    day: formatter({ weekday: "short", day: "numeric", month: "long" }),
    longDay: formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    duration: (milliseconds: number) => writeDuration(locale, milliseconds),
  };
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
  const { locale } = useSpeech();
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

export function localeHourCycle(locale: string): HourCycle {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions();
  return hourCycle === "h11" || hourCycle === "h12" ? "h12" : "h23";
}
