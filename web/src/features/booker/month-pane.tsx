// The month as a calendar in which only days with times can be chosen.
import { type CalendarDate, isSameMonth, parseDate } from "@internationalized/date";
import { Button } from "react-aria-components/Button";
import {
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarHeading,
} from "react-aria-components/Calendar";
import { BackIcon, ForwardIcon } from "@/components/ui/icons";
import { useSpeech } from "@/lib/language";
import type { DaySlots } from "./slot-days";
import { hasFew, isOpen } from "./slot-days";
import { earlier, later, type Month } from "./use-month";

export interface MonthPaneProps {
  month: Month;
  onDate: (date: string) => void;
}

const turnLook =
  "grid size-10 place-items-center rounded-control border border-hairline bg-raised text-soft hover:border-edge hover:text-ink disabled:opacity-40";

export function MonthPane({ month, onDate }: MonthPaneProps) {
  const { t } = useSpeech();
  const isFirst = isSameMonth(month.shown, month.today);
  const isLast = isSameMonth(month.shown, month.last);
  const someFew = [...month.days.values()].some(hasFew);
  return (
    <div className="flex flex-col gap-4">
      <Calendar
        value={month.date ? parseDate(month.date) : null}
        onChange={(date) => onDate(date.toString())}
        focusedValue={month.shown}
        // Without a least and a last value, for these would be read out as available even when they are not.
        onFocusChange={(date) => month.setFocused(later(month.today, earlier(date, month.last)))}
        isDateUnavailable={(date) => !isOpen(month.days.get(date.toString()))}
        className="flex flex-col gap-4"
      >
        <div className="flex items-center justify-between">
          <CalendarHeading className="font-serif text-heading" />
          <div className="flex gap-2">
            <Button slot="previous" className={turnLook} isDisabled={isFirst}>
              <BackIcon />
            </Button>
            <Button slot="next" className={turnLook} isDisabled={isLast}>
              <ForwardIcon />
            </Button>
          </div>
        </div>
        <div className="min-h-[22.5rem]">
          <MonthGrid days={month.days} />
        </div>
      </Calendar>
      <p
        className={`flex items-center gap-2 text-small text-soft ${someFew ? "" : "invisible"}`}
        aria-hidden="true"
      >
        <span className="size-1.5 rounded-full bg-amber" />
        {t("month.few")}
      </p>
    </div>
  );
}

function MonthGrid({ days }: { days: Map<string, DaySlots> }) {
  return (
    <CalendarGrid
      weekdayStyle="short"
      className="w-full table-fixed border-separate border-spacing-[3px]"
    >
      <CalendarGridHeader>
        {(day) => (
          <CalendarHeaderCell className="pb-2 text-small font-normal text-soft">
            {day}
          </CalendarHeaderCell>
        )}
      </CalendarGridHeader>
      <CalendarGridBody>
        {(date) => <DayCell date={date} day={openDay(days, date)} />}
      </CalendarGridBody>
    </CalendarGrid>
  );
}

function openDay(days: Map<string, DaySlots>, date: CalendarDate): DaySlots | undefined {
  const day = days.get(date.toString());
  return isOpen(day) ? day : undefined;
}

function DayCell({ date, day }: { date: CalendarDate; day: DaySlots | undefined }) {
  const look = day
    ? `cursor-pointer border-hairline hover:border-sea data-selected:border-ink data-selected:bg-ink data-selected:bg-none data-selected:text-paper ${day.free > 0 ? "bg-raised font-medium" : "hatched border-dashed text-soft"}`
    : "cursor-default border-transparent text-faint";
  return (
    <CalendarCell
      date={date}
      className={`relative grid h-12 w-full place-items-center rounded-control border transition-colors duration-150 outline-offset-2 outline-sea data-focus-visible:outline-2 data-outside-month:invisible ${look}`}
    >
      {({ formattedDate }) => (
        <>
          {formattedDate}
          {day && hasFew(day) && (
            <span className="absolute bottom-1.5 size-1.5 rounded-full bg-amber" />
          )}
        </>
      )}
    </CalendarCell>
  );
}
