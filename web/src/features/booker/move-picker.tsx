// Chooses and holds a new time for a booking, while the old time stays until the swap.
import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import { rescheduleBooking } from "@/api/bookings";
import { isRefusal } from "@/api/refusal";
import type { Booking, EventType } from "@/api/types";
import { Button } from "@/components/ui/button";
import { BackIcon } from "@/components/ui/icons";
import { MessagePage } from "@/components/ui/message-page";
import { useI18n } from "@/lib/i18n";
import { minutesOf } from "@/lib/slot-range";
import { useTimeFormat } from "@/lib/time-format";
import { BookerStage } from "./booker-stage";
import type { Holding, InFlight, Lost } from "./state/booking-state";
import { offerOf, type Viewing } from "./state/offer";
import type { BookerHistory } from "./state/history-entry";
import { useBooker } from "./use-booker";
import { ZoneChoice } from "./zone/zone-choice";

export interface MovePickerProps extends Viewing {
  booking: Booking;
  token: string;
  organizationName: string;
  eventType: EventType;
  history: BookerHistory<Booking>;
  onMoved: (booking: Booking) => void;
  /** The booking was changed elsewhere, and has to be looked at again. */
  onChanged: () => void;
  onSending: (isSending: boolean) => void;
  onBack: () => void;
}

/** Refusals of the booking itself, rather than of its new time. */
const CHANGED = ["conflict", "not_found"];

export function MovePicker(props: MovePickerProps) {
  const { t } = useI18n();
  const { booking, eventType, token, history, view, onView, onMoved, onChanged, onSending } = props;
  const { uid, start, end } = booking;
  const moving = useMemo(() => ({ uid, token, slot: { start, end } }), [uid, token, start, end]);
  const control = useBooker<Booking>({
    eventTypeId: booking.event_type_id,
    moving,
    history,
    onDone: onMoved,
    onRefused: ({ code }) => {
      const isOfBooking = CHANGED.includes(code);
      if (isOfBooking) onChanged();
      return isOfBooking;
    },
    send: (slot, sessionId) =>
      rescheduleBooking(booking, token, {
        start: slot.start,
        durationMinutes: minutesOf(slot),
        sessionId,
      }).catch((error: unknown) => {
        if (!isRefusal(error) || !CHANGED.includes(error.code)) throw error;
        // The booking is not what this page takes it for: the page leaves, and nobody awaits an answer any more.
        onChanged();
        return new Promise<never>(() => undefined);
      }),
  });
  const isSending = control.state.step === "booking";
  const reportSending = useEffectEvent(onSending);

  // Synchronizes the page around with the new time that is on its way.
  useEffect(() => {
    reportSending(isSending);
    return () => reportSending(false);
  }, [isSending]);

  return (
    <BookerStage
      offer={{ ...offerOf(eventType), moving, title: t("move.title") }}
      organizationName={props.organizationName}
      control={control}
      view={view}
      onView={onView}
      hasTyped={false}
      aside={(scene) => <MoveAside {...props} isBrief={scene !== "choose"} isSending={isSending} />}
      details={(state) => <MoveEnd state={state} onMove={control.submit} />}
      doneAnnouncement={() => t("move.done")}
      done={() => <MoveDone onBack={props.onBack} />}
    />
  );
}

function MoveAside(props: MovePickerProps & { isBrief: boolean; isSending: boolean }) {
  const { booking, view, onView, onBack } = props;
  const { t } = useI18n();
  const write = useTimeFormat(view.timeZone);
  const heading = useRef<HTMLHeadingElement>(null);

  // Synchronizes the browser's focus with the step to the new time.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  const old = `${write.day(booking.start)}, ${write.time(booking.start)}`;
  return (
    <div className="flex flex-col items-start gap-4">
      <button
        type="button"
        // What is on its way cannot be called back, and its answer must not be missed.
        aria-disabled={props.isSending}
        onClick={props.isSending ? undefined : onBack}
        className="inline-flex min-h-8 items-center gap-1 text-soft hover:text-ink aria-disabled:opacity-60"
      >
        <BackIcon />
        {t("move.back")}
      </button>
      <h1 ref={heading} tabIndex={-1} className="font-serif text-title outline-none">
        {t("move.title")}
      </h1>
      <p className="font-medium wrap-anywhere">{booking.event_type_title}</p>
      <p className="text-soft">{t("move.keep", { old })}</p>
      <div className={props.isBrief ? "max-desk:hidden" : ""}>
        <ZoneChoice
          value={view.timeZone}
          isInstead={view.isZoneInstead}
          onChange={(timeZone) => onView({ timeZone })}
        />
      </div>
    </div>
  );
}

/** Seen by who comes back here after the move. */
function MoveDone({ onBack }: Pick<MovePickerProps, "onBack">) {
  const { t } = useI18n();
  return (
    <MessagePage title={t("move.done")} text={t("manage.moved")}>
      <Button onClick={onBack}>{t("move.back")}</Button>
    </MessagePage>
  );
}

function MoveEnd({ state, onMove }: { state: Holding | InFlight | Lost; onMove: () => void }) {
  const { t } = useI18n();
  const isReady = state.step === "holding" && state.grant !== null;
  const trouble = state.step === "holding" ? state.trouble : null;
  return (
    <div className="flex flex-col items-start gap-4">
      <Button
        weight="action"
        disabled={state.step === "lost"}
        aria-disabled={!isReady}
        onClick={() => isReady && onMove()}
      >
        {t(state.step === "booking" ? "move.sending" : "move.confirm")}
      </Button>
      <p role="status" className="text-small text-loss">
        {trouble && t("manage.refused", { detail: trouble.detail })}
        {state.step === "booking" && !state.reachable && t("form.retrying")}
      </p>
    </div>
  );
}
