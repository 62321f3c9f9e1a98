// The month as a calendar in which only days with times can be chosen.
import { type CalendarDate, isSameMonth, parseDate } from "@internationalized/date";
import { memo } from "react";
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
import { useI18n } from "@/lib/i18n";
import type { DaySlots } from "./slot-days";
import { hasFew, isOpen } from "./slot-days";
import { earlier, later, type Month } from "./use-month";

export interface MonthPaneProps extends Pick<
  Month,
  "days" | "date" | "shown" | "today" | "last" | "setFocused"
> {
  onDate: (date: string) => void;
}

const turnLook =
  "grid size-10 place-items-center rounded-control border border-hairline bg-raised text-soft hover:border-edge hover:text-ink disabled:opacity-40";

/** Drawn only when the month itself changes: its cells are most of the page. */
export const MonthPane = memo(function MonthPane(props: MonthPaneProps) {
  const { days, date, shown, today, last, setFocused, onDate } = props;
  const { t } = useI18n();
  const isFirst = isSameMonth(shown, today);
  const isLast = isSameMonth(shown, last);
  const most = mostFree(days);
  const someFew = [...days.values()].some((day) => hasFew(day, most));
  return (
    <div className="flex flex-col gap-4">
      <Calendar
        value={date ? parseDate(date) : null}
        onChange={(chosen) => onDate(chosen.toString())}
        focusedValue={shown}
        // Without a least and a last value, for these would be read out as available even when they are not.
        onFocusChange={(focused) => setFocused(later(today, earlier(focused, last)))}
        isDateUnavailable={(day) => !isOpen(days.get(day.toString()))}
        className="flex flex-col gap-4"
      >
        <div className="flex flex-wrap items-center justify-between gap-x-2">
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
          <MonthGrid days={days} />
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
});

const mostFree = (days: Map<string, DaySlots>) =>
  Math.max(0, ...[...days.values()].map(({ free }) => free));

const WEEKS = [1, 2, 3, 4, 5];
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** As high as any month, and much lighter: the month itself is drawn once it is known. */
export function MonthSkeleton() {
  return (
    <div aria-hidden="true" className="flex min-h-[28.5rem] flex-col gap-[3px] pt-[5.5rem]">
      {WEEKS.map((week) => (
        <div key={week} className="pulsing grid grid-cols-7 gap-[3px]">
          {WEEKDAYS.map((day) => (
            <span key={day} className="h-12 rounded-control border border-hairline" />
          ))}
        </div>
      ))}
    </div>
  );
}

function MonthGrid({ days }: { days: Map<string, DaySlots> }) {
  const most = mostFree(days);
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
        {(date) => <DayCell date={date} day={openDay(days, date)} most={most} />}
      </CalendarGridBody>
    </CalendarGrid>
  );
}

function openDay(days: Map<string, DaySlots>, date: CalendarDate): DaySlots | undefined {
  const day = days.get(date.toString());
  return isOpen(day) ? day : undefined;
}

interface DayCellProps {
  date: CalendarDate;
  day: DaySlots | undefined;
  most: number;
}

function DayCell({ date, day, most }: DayCellProps) {
  const look = day
    ? `cursor-pointer border-hairline hover:border-accent data-selected:border-ink data-selected:bg-ink data-selected:bg-none data-selected:text-paper ${day.free > 0 ? "bg-raised font-medium" : "hatched border-dashed text-soft"}`
    : "cursor-default border-transparent text-faint";
  return (
    <CalendarCell
      date={date}
      className={`relative grid h-12 w-full place-items-center rounded-control border transition-colors duration-150 outline-offset-2 outline-accent data-focus-visible:outline-2 data-outside-month:invisible ${look}`}
    >
      {({ formattedDate }) => (
        <>
          {formattedDate}
          {day && hasFew(day, most) && (
            <span className="absolute bottom-1.5 size-1.5 rounded-full bg-amber" />
          )}
        </>
      )}
    </CalendarCell>
  );
}
