// Asks before a booking is cancelled, and for a reason if one wants to give it.
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { cancelBooking } from "@/api/bookings";
import type { Booking } from "@/api/types";
import { useUntilAnswered } from "@/api/use-until-answered";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { useI18n } from "@/lib/i18n";

export interface CancelDialogProps {
  booking: Booking;
  token: string;
  onClose: () => void;
  onCancelled: (booking: Booking) => void;
  /** The booking was changed elsewhere, and has to be looked at again. */
  onChanged: () => void;
}

export function CancelDialog(props: CancelDialogProps) {
  const { t } = useI18n();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  const cancelling = useCancelling(props, close);
  const isAsking = cancelling.phase === "asking";

  // Synchronizes the browser's modal state with this component being there.
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      onClose={props.onClose}
      // What is on its way cannot be called back, and its answer must not be missed.
      onCancel={(event) => !isAsking && event.preventDefault()}
      aria-labelledby="cancel-title"
      className="m-auto w-[min(28rem,92vw)] rounded-card border border-hairline bg-paper p-6 text-ink"
    >
      <form onSubmit={cancelling.submit} className="flex flex-col gap-5">
        <div className="flex flex-col gap-1">
          <h2 id="cancel-title" className="font-serif text-heading">
            {t("manage.cancel.title")}
          </h2>
          <p className="text-soft">{t("manage.cancel.text")}</p>
        </div>
        <TextArea
          name="reason"
          label={t("manage.cancel.reason")}
          required={false}
          error={undefined}
          value={cancelling.reason}
          readOnly={!isAsking}
          onChange={(event) => cancelling.setReason(event.target.value)}
        />
        <p role="status" className="text-small text-amber-ink empty:hidden">
          {cancelling.phase === "retrying" && t("manage.retrying")}
        </p>
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={() => isAsking && close()} aria-disabled={!isAsking}>
            {t("manage.cancel.no")}
          </Button>
          <Button weight="loss" type="submit" aria-disabled={!isAsking}>
            {t("manage.cancel.yes")}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** From the question to the answer: it is sent once, and until it is answered. */
function useCancelling(props: CancelDialogProps, close: () => void) {
  const { booking, token, onCancelled, onChanged } = props;
  const [reason, setReason] = useState("");
  const [phase, setPhase] = useState<"asking" | "sending" | "retrying">("asking");
  useUntilAnswered({
    key: phase === "asking" ? null : booking.uid,
    send: () => cancelBooking(booking, token, reason.trim()),
    onDone: (next) => {
      close();
      onCancelled(next);
    },
    onRefused: () => {
      close();
      onChanged();
    },
    onUnreachable: () => setPhase("retrying"),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (phase === "asking") setPhase("sending");
  };
  return { phase, reason, setReason, submit };
}
