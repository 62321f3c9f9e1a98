// Choosing: what is offered, the month, and the times of a day; also while waiting in a line.
import type { MouseEvent, ReactNode, RefObject } from "react";
import type { Slot, SlotRange } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useSpeech } from "@/lib/language";
import { minutesOf } from "@/lib/slot-length";
import { useTimeFormat } from "@/lib/time-format";
import type { BookerState, Rollback } from "./booking-machine";
import { Countdown } from "./countdown";
import { EmptyMonth } from "./empty-month";
import { MonthPane } from "./month-pane";
import { NearTimes } from "./near-times";
import type { Offer, Viewing } from "./offer";
import { markOf } from "./slot-mark";
import { TimesPane } from "./times-pane";
import type { Month } from "./use-month";
import { WaitingCard } from "./waiting-card";

export interface ChooseViewProps extends Viewing {
  offer: Offer;
  state: BookerState<unknown>;
  month: Month;
  aside: ReactNode;
  onChoose: (slot: SlotRange, held: boolean, from?: HTMLElement) => void;
  onReturn: () => void;
  onRelease: () => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function ChooseView(props: ChooseViewProps) {
  const { offer, state, month, view, onView, headingRef } = props;
  const isWaiting = state.step === "waiting";
  const choose = (slot: Slot, event: MouseEvent<HTMLButtonElement>) => {
    const { kind } = markOf(slot, state, offer.isShared);
    if (kind === "mine") props.onReturn();
    else props.onChoose(slot, kind === "held" || kind === "waiting", event.currentTarget);
  };
  const chooseDay = (date: string) => {
    onView({ date });
    showBelow(headingRef.current);
  };
  return (
    <div className="grid desk:min-h-[38rem] desk:grid-cols-[17.5rem_1fr_17.5rem]">
      <div className="flex flex-col gap-6 px-5 pt-6 tablet:px-7 desk:py-8">{props.aside}</div>
      <div className="flex flex-col gap-6 border-hairline px-5 pt-6 tablet:px-7 desk:border-x desk:py-8">
        <News {...props} />
        <div className={isWaiting ? "hidden desk:block" : ""}>
          <MonthPane month={month} onDate={chooseDay} />
        </div>
      </div>
      <div className="px-5 py-6 tablet:px-7 desk:py-8">
        {month.isEmpty ? (
          <EmptyMonth month={month} />
        ) : (
          <TimesPane
            month={month}
            timeZone={view.timeZone}
            markOf={(slot) => markOf(slot, state, offer.isShared)}
            onChoose={choose}
            onDate={(date) => onView({ date })}
            headingRef={isWaiting ? { current: null } : headingRef}
          />
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

/** What the visitor must know while choosing: the line, the time still held, or a choice that failed. */
function News(props: ChooseViewProps) {
  const { state, view, offer } = props;
  if (state.step === "waiting") {
    const wish = {
      eventTypeId: offer.eventTypeId,
      start: state.slot.start,
      durationMinutes: minutesOf(state.slot),
    };
    return (
      <WaitingCard
        waiting={state}
        wish={wish}
        timeZone={view.timeZone}
        onLeave={props.onRelease}
        headingRef={props.headingRef}
      />
    );
  }
  if (state.step === "holding") return <StillHeld {...props} />;
  if (state.step === "browsing" && state.rollback) {
    return (
      <RolledBack rollback={state.rollback} timeZone={view.timeZone} onChoose={props.onChoose} />
    );
  }
  return null;
}

function StillHeld({ state, view, onReturn, onRelease }: ChooseViewProps) {
  const { t } = useSpeech();
  const write = useTimeFormat(view.timeZone);
  if (state.step !== "holding") return null;
  const { slot, grant } = state;
  const [date, from, to] = [write.day(slot.start), write.time(slot.start), write.time(slot.end)];
  return (
    <Notice tone="sea">
      <div className="signature flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="me-auto font-medium">
          {t("hold.held", { date, from, to })}
          {grant && (
            <span className="font-normal text-sea-deep">
              {" · "}
              <Countdown deadline={grant.deadline} />
            </span>
          )}
        </p>
        <Button onClick={onReturn}>{t("hold.continue")}</Button>
        <Button weight="quiet" onClick={onRelease}>
          {t("hold.release")}
        </Button>
      </div>
    </Notice>
  );
}

interface RolledBackProps extends Pick<ChooseViewProps, "onChoose"> {
  rollback: Rollback;
  timeZone: string;
}

function RolledBack({ rollback, timeZone, onChoose }: RolledBackProps) {
  const { t } = useSpeech();
  const time = useTimeFormat(timeZone).time(rollback.slot.start);
  const seconds = rollback.retryAfterSeconds ?? 60;
  const text =
    rollback.code === "slot_booked"
      ? t("refused.booked", { time })
      : rollback.code === "slot_unavailable"
        ? t("refused.unavailable", { time })
        : rollback.code === "too_many_holds"
          ? t("refused.too_many", { seconds })
          : t("refused.other", { time });
  return (
    <Notice tone="loss">
      <div className="flex flex-col gap-3" role="alert">
        <p className="font-medium">{text}</p>
        {rollback.alternatives.length > 0 && (
          <NearTimes
            title={t("refused.near")}
            none=""
            from={rollback.slot}
            slots={rollback.alternatives}
            timeZone={timeZone}
            onChoose={(slot) => onChoose(slot, false)}
          />
        )}
      </div>
    </Notice>
  );
}
