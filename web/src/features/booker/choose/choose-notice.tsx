// What the visitor must know while choosing: the line, the time still held, or a choice that failed.
import type { RefObject } from "react";
import type { SlotRange } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useI18n } from "@/lib/i18n";
import { minutesOf } from "@/lib/slot-range";
import { useTimeFormat } from "@/lib/time-format";
import type { BookerState, Holding, Rollback } from "../state/booking-state";
import { Countdown, LeaseLine } from "../hold/countdown";
import { NearTimes } from "./near-times";
import type { Offer } from "../state/offer";
import type { Month } from "./use-month";
import { useHeldText } from "../hold/held-text";
import { WaitingCard } from "../line/waiting-card";

export interface ChooseNoticeProps {
  offer: Offer;
  state: BookerState<unknown>;
  month: Month;
  timeZone: string;
  onChoose: (slot: SlotRange, held: boolean) => void;
  onReturn: () => void;
  onRelease: () => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

/** On a desktop it lies at the foot of the page, where it moves nothing. */
const foot =
  "desk:sticky desk:bottom-0 desk:z-10 desk:col-span-2 desk:row-start-2 desk:rounded-ee-card desk:border-t desk:border-hairline desk:bg-paper desk:px-7 desk:py-4";

export function ChooseNotice(props: ChooseNoticeProps) {
  const { state, offer } = props;
  if (state.step === "waiting") {
    const request = {
      eventTypeId: offer.eventTypeId,
      start: state.slot.start,
      durationMinutes: minutesOf(state.slot),
      moving: offer.moving,
    };
    return (
      <div className={`px-5 pt-4 tablet:px-7 ${foot}`}>
        <WaitingCard {...props} waiting={state} request={request} onLeave={props.onRelease} />
      </div>
    );
  }
  if (state.step === "holding") {
    return (
      <div
        className={`fixed inset-x-0 bottom-0 z-10 border-t border-hairline bg-paper px-5 py-3 tablet:px-7 ${foot}`}
      >
        <StillHeld {...props} held={state} />
      </div>
    );
  }
  if (state.step === "browsing" && state.rollback) {
    return (
      <div className={`px-5 pt-4 tablet:px-7 ${foot}`}>
        <RolledBack {...props} rollback={state.rollback} />
      </div>
    );
  }
  return null;
}

/** The hold bar made small, while one looks at other times. */
function StillHeld(props: ChooseNoticeProps & { held: Holding }) {
  const { grant } = props.held;
  const { t } = useI18n();
  const { text } = useHeldText(props.held, props.timeZone);
  return (
    <div className="hold-transition relative flex flex-wrap items-center gap-x-4 gap-y-2 overflow-hidden rounded-bar border border-accent-line bg-accent-wash px-4 pt-3 pb-4">
      <p className="me-auto font-medium">
        {text}
        {grant && (
          <span className="font-normal text-accent-deep">
            {" · "}
            <Countdown deadline={grant.deadline} />
          </span>
        )}
      </p>
      <div className="flex items-center gap-4 max-tablet:w-full max-tablet:justify-between">
        <Button weight="quiet" onClick={props.onRelease}>
          {t("hold.release")}
        </Button>
        <Button weight="action" small onClick={props.onReturn}>
          {t("hold.continue")}
        </Button>
      </div>
      <LeaseLine grant={grant} />
    </div>
  );
}

function refusalText(
  { code, retryAfterSeconds }: Rollback,
  time: string,
  t: ReturnType<typeof useI18n>["t"],
) {
  switch (code) {
    case "slot_booked":
      return t("refused.booked", { time });
    case "slot_unavailable":
      return t("refused.unavailable", { time });
    case "too_many_holds":
      return t("refused.too_many", { seconds: retryAfterSeconds ?? 60 });
    default:
      return t("refused.other", { time });
  }
}

function RolledBack(props: ChooseNoticeProps & { rollback: Rollback }) {
  const { rollback, month, timeZone, onChoose } = props;
  const { t } = useI18n();
  const time = useTimeFormat(timeZone).time(rollback.slot.start);
  return (
    <Notice tone="loss">
      <div className="flex flex-col gap-3 desk:flex-row desk:items-center desk:gap-6" role="alert">
        <p className="font-medium">{refusalText(rollback, time, t)}</p>
        {rollback.alternatives.length > 0 && (
          <NearTimes
            title={t("refused.near")}
            none=""
            from={rollback.slot}
            slots={rollback.alternatives}
            live={month.slots ?? []}
            timeZone={timeZone}
            onChoose={(slot) => onChoose(slot, false)}
          />
        )}
      </div>
    </Notice>
  );
}
