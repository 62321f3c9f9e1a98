// Says until when a booking can be changed without its host, where that is before its start, and what a move asks for again.
import type { Booking, EventType } from "@/api/types";
import { browserTimeZone, knownZone } from "@/lib/browser-locale";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";
import { useTimeFormat } from "@/lib/time-format";
import { changesUntil } from "./changes-until";

export interface ChangesNoteProps {
  booking: Booking;
  eventType: EventType | null;
  now: number;
  canMove: boolean;
}

export function ChangesNote({ booking, eventType, now, canMove }: ChangesNoteProps) {
  const { t } = useI18n();
  const write = useTimeFormat(knownZone(booking.time_zone, browserTimeZone()).timeZone);
  const until = changesUntil(booking, eventType);
  const start = Date.parse(booking.start);
  const said = (at: number, open: MessageKey, late: MessageKey) => {
    if (at === start) return null;
    return now < at ? t(open, { time: `${write.day(at)}, ${write.time(at)}` }) : t(late);
  };
  const notes = [
    said(until.cancel, "manage.cancel_until", "manage.cancel_late"),
    canMove && said(until.move, "manage.move_until", "manage.move_late"),
    canMove && now < until.move && asksAgain(booking, eventType) && t("manage.move_confirmed"),
  ];
  return notes.filter(Boolean).map((note) => (
    <p key={String(note)} className="text-small text-soft">
      {note}
    </p>
  ));
}

/** Whether a confirmed booking has to be confirmed again once it is moved. */
function asksAgain(booking: Booking, eventType: EventType | null): boolean {
  const asks = eventType?.requires_confirmation === true && eventType.reconfirm_moves;
  return asks && booking.status === "confirmed";
}
