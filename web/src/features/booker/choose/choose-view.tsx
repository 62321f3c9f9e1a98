// Choosing: the month, and the times of a day; also while waiting in a line.
import { type MouseEvent, type RefObject, useCallback } from "react";
import type { Slot, SlotRange } from "@/api/types";
import { useAfterChange } from "@/lib/use-after-change";
import type { BookerState } from "../state/booking-state";
import { ChooseNotice } from "./choose-notice";
import { EmptyMonth } from "./empty-month";
import { MonthPane, MonthSkeleton } from "./month-pane";
import type { Offer, Viewing } from "../state/offer";
import { markOf } from "./slot-mark";
import { TimesPane } from "./times-pane";
import type { Month } from "./use-month";

export interface ChooseViewProps extends Viewing {
  offer: Offer;
  state: BookerState<unknown>;
  month: Month;
  onChoose: (slot: SlotRange, held: boolean, from?: HTMLElement) => void;
  onReturn: () => void;
  onRelease: () => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function ChooseView(props: ChooseViewProps) {
  const { offer, state, month, view, onView, headingRef } = props;
  const isWaiting = state.step === "waiting";
  // The way to the next free day goes when it was taken, and leads whoever took it to that day.
  useAfterChange(month.isEmpty, () => {
    if (document.activeElement === document.body)
      headingRef.current?.focus({ preventScroll: true });
  });
  const choose = (slot: Slot, event: MouseEvent<HTMLButtonElement>) => {
    const { kind } = markOf(slot, state, offer);
    if (kind === "mine") props.onReturn();
    else props.onChoose(slot, kind === "held" || kind === "waiting", event.currentTarget);
  };
  return (
    <div
      className={`desk:grid desk:grid-cols-[1fr_18.5rem] desk:grid-rows-[1fr_auto] ${state.step === "holding" ? "pb-32 desk:pb-0" : ""}`}
    >
      <ChooseNotice {...props} timeZone={view.timeZone} />
      <MonthColumn {...props} isHidden={isWaiting} />
      <div className="px-5 py-6 tablet:px-7 desk:py-8">
        {(month.date !== null || !month.isEmpty) && (
          <TimesPane
            month={month}
            timeZone={view.timeZone}
            markOf={(slot) => markOf(slot, state, offer)}
            onChoose={choose}
            onDate={(date) => onView({ date })}
            headingRef={isWaiting ? { current: null } : headingRef}
            listing={`${month.date} ${view.timeZone} ${view.durationMinutes}`}
          />
        )}
        {/* When the last time goes while one looks, this comes below the times, which stay. */}
        {month.isEmpty && <EmptyMonth month={month} />}
      </div>
    </div>
  );
}

interface MonthColumnProps extends Pick<ChooseViewProps, "month" | "onView" | "headingRef"> {
  /** On a phone, which has no space for it. */
  isHidden: boolean;
}

function MonthColumn({ month, onView, headingRef, isHidden }: MonthColumnProps) {
  const chooseDay = useCallback(
    (date: string) => {
      onView({ date });
      showBelow(headingRef.current);
    },
    [onView, headingRef],
  );
  return (
    <div
      className={`border-hairline px-5 pt-6 tablet:px-7 desk:block desk:border-e desk:py-8 ${isHidden ? "hidden" : ""}`}
    >
      <div className="desk:sticky desk:top-8">
        {month.hasBegun ? (
          <MonthPane
            days={month.days}
            date={month.date}
            shown={month.shown}
            today={month.today}
            last={month.last}
            setFocused={month.setFocused}
            onDate={chooseDay}
          />
        ) : (
          <MonthSkeleton />
        )}
      </div>
    </div>
  );
}

/** On a phone the times stand below the month, mostly out of sight. */
function showBelow(heading: HTMLElement | null): void {
  if (matchMedia("(width >= 62rem)").matches) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  heading?.scrollIntoView({ behavior: isStill ? "instant" : "smooth", block: "start" });
}
