// The times of the chosen day, live.
import type { MouseEvent, RefObject } from "react";
import type { Slot } from "@/api/types";
import { BackIcon, ForwardIcon } from "@/components/ui/icons";
import { useClock } from "@/lib/clock-choice";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import { isOpen } from "./slot-days";
import type { SlotMark } from "./slot-mark";
import { TimesList } from "./times-list";
import type { Month } from "./use-month";

export interface TimesPaneProps {
  month: Month;
  timeZone: string;
  markOf: (slot: Slot) => SlotMark;
  onChoose: (slot: Slot, event: MouseEvent<HTMLButtonElement>) => void;
  onDate: (date: string) => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
  /** What is looked at, in words that change with it: other times are another list. */
  listing: string;
}

export function TimesPane({
  month,
  timeZone,
  markOf,
  onChoose,
  onDate,
  headingRef,
  listing,
}: TimesPaneProps) {
  const write = useTimeFormat(timeZone);
  const slots = (month.date && month.days.get(month.date)?.slots) || [];
  const [first] = slots;
  return (
    <section>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-2">
        <h2
          ref={headingRef}
          tabIndex={-1}
          className="scroll-mt-4 font-serif text-heading whitespace-nowrap outline-none"
        >
          {first && write.day(first.start)}
        </h2>
        <div className="flex shrink-0 items-center">
          <DayTurns month={month} onDate={onDate} />
          <ClockChoice />
        </div>
      </div>
      {month.isPending && <TimesSkeleton />}
      {first && <TimesList key={listing} {...{ slots, timeZone, markOf, onChoose }} />}
    </section>
  );
}

/** On a phone the month is out of sight: the neighbouring days are one touch away. */
function DayTurns({ month, onDate }: Pick<TimesPaneProps, "month" | "onDate">) {
  const { t } = useI18n();
  const dates = [...month.days.keys()].filter((date) => isOpen(month.days.get(date))).sort();
  const at = month.date ? dates.indexOf(month.date) : -1;
  const turn = (date: string | undefined, label: string, icon: typeof BackIcon) => {
    const Icon = icon;
    return (
      <button
        type="button"
        aria-label={label}
        disabled={date === undefined}
        onClick={() => date !== undefined && onDate(date)}
        className="grid h-10 w-9 place-items-center text-soft hover:text-ink disabled:opacity-40"
      >
        <Icon />
      </button>
    );
  };
  return (
    <span className="flex desk:hidden">
      {turn(dates[at - 1], t("times.previous"), BackIcon)}
      {turn(dates[at + 1], t("times.next"), ForwardIcon)}
    </span>
  );
}

function ClockChoice() {
  const { t } = useI18n();
  const { hourCycle, setHourCycle } = useClock();
  const is12 = hourCycle === "h12";
  return (
    <button
      type="button"
      onClick={() => setHourCycle(is12 ? "h23" : "h12")}
      aria-label={`${t("times.clock")}: ${t(is12 ? "times.clock12" : "times.clock24")}`}
      className="min-h-10 ps-2 text-small whitespace-nowrap text-soft hover:text-ink"
    >
      {t(is12 ? "times.clock12" : "times.clock24")}
    </button>
  );
}

function TimesSkeleton() {
  const { t } = useI18n();
  return (
    <div role="status" className="flex flex-col gap-2 pt-8">
      <span className="sr-only">{t("app.loading")}</span>
      {["one", "two", "three", "four", "five"].map((key) => (
        <span key={key} className="pulsing h-12 rounded-control border border-hairline" />
      ))}
    </div>
  );
}
