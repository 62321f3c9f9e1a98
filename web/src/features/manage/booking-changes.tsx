// What the holder of a booking's link can still change, until when, and what only its host can.
import { useState } from "react";
import type { Booking, EventType } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useI18n } from "@/lib/i18n";
import { useNow } from "@/lib/use-now";
import { CancelDialog } from "./cancel-dialog";
import { changesUntil } from "./changes-until";
import { ChangesNote } from "./changes-note";

export interface BookingChangesProps {
  booking: Booking;
  token: string;
  canMove: boolean;
  eventType: EventType | null;
  onMove: () => void;
  onCancelled: (booking: Booking) => void;
  onChanged: () => void;
}

export function BookingChanges(props: BookingChangesProps) {
  const { booking, token, canMove, eventType, onMove, onCancelled, onChanged } = props;
  const { t } = useI18n();
  const [isCancelling, setCancelling] = useState(false);
  const until = changesUntil(booking, eventType);
  const now = useNow();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3 empty:hidden">
        {canMove && now < until.move && (
          <Button weight="action" onClick={onMove}>
            {t("manage.move")}
          </Button>
        )}
        {now < until.cancel && (
          <Button onClick={() => setCancelling(true)}>{t("manage.cancel")}</Button>
        )}
      </div>
      {!canMove && <p className="text-small text-soft">{t("manage.fixed")}</p>}
      <ChangesNote booking={booking} eventType={eventType} now={now} canMove={canMove} />
      {isCancelling && (
        <CancelDialog
          booking={booking}
          token={token}
          onClose={() => setCancelling(false)}
          onCancelled={onCancelled}
          onChanged={onChanged}
        />
      )}
    </div>
  );
}
