// Asks before a booking is cancelled, and for a reason if one wants to give it.
import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { cancelBooking } from "@/api/bookings";
import { isRefusal } from "@/api/refusal";
import type { Booking } from "@/api/types";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { useSpeech } from "@/lib/language";

export interface CancelDialogProps {
  booking: Booking;
  token: string;
  onClose: () => void;
  onCancelled: (booking: Booking) => void;
  /** The booking was changed elsewhere, and has to be looked at again. */
  onChanged: () => void;
}

export function CancelDialog(props: CancelDialogProps) {
  const { booking, token, onClose, onCancelled, onChanged } = props;
  const { t } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const cancel = useMutation({
    mutationFn: () => cancelBooking(booking.uid, token, reason.trim()),
    onSuccess: (next) => {
      dialog.current?.close();
      onCancelled(next);
    },
    onError: (error) => {
      if (!isRefusal(error)) return;
      dialog.current?.close();
      onChanged();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    cancel.mutate();
  };

  // Synchronizes the browser's modal state with this component being there.
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="cancel-title"
      className="m-auto w-[min(28rem,92vw)] rounded-card border border-hairline bg-paper p-6 text-ink"
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
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
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p role="status" className="text-small text-loss empty:hidden">
          {cancel.error && t("manage.unreachable")}
        </p>
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={() => dialog.current?.close()}>{t("manage.cancel.no")}</Button>
          <Button weight="loss" type="submit" disabled={cancel.isPending}>
            {t("manage.cancel.yes")}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
