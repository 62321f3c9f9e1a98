// A booking that was found: what it is, what has come of it, and what can be changed.
import { Fragment, type RefObject } from "react";
import type { Booking, EventType } from "@/api/types";
import { buttonLook } from "@/components/ui/button";
import { CalendarLinks } from "@/components/ui/calendar-links";
import { Notice } from "@/components/ui/notice";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";
import { useNow } from "@/lib/use-now";
import { BookingCard } from "./booking-card";
import { BookingChanges } from "./booking-changes";
import { endOf } from "./booking-end";

export interface ManagedBookingProps {
  headingRef: RefObject<HTMLHeadingElement | null>;
  booking: Booking;
  token: string;
  outcome: MessageKey | null;
  /** What is not offered any more has no other time. */
  canMove: boolean;
  /** What is offered; null while it is not known, or not offered any more. */
  eventType: EventType | null;
  /** Where one can book again. */
  againHref: string;
  onMove: () => void;
  onCancelled: (booking: Booking) => void;
  onChanged: () => void;
}

export function ManagedBooking(props: ManagedBookingProps) {
  const { booking, token, outcome, headingRef } = props;
  const { t } = useI18n();
  const end = endOf(booking, useNow());
  return (
    <div className="flex flex-col gap-6 px-5 py-8 tablet:px-7 tablet:py-10">
      <title>{t("manage.title")}</title>
      <h1 ref={headingRef} tabIndex={-1} className="font-serif text-title outline-none">
        {t("manage.title")}
      </h1>
      <div role="status" className="empty:hidden">
        {outcome && <Notice tone="accent">{t(outcome)}</Notice>}
      </div>
      {/* With another outcome it is another booking to look at, so that nothing is seen to jump. */}
      <Fragment key={`${booking.version} ${outcome}`}>
        <BookingCard booking={booking} />
        {end === null && booking.status === "confirmed" && (
          <CalendarLinks booking={booking} token={token} />
        )}
        {end === null ? (
          <BookingChanges {...props} />
        ) : (
          <div className="flex flex-col items-start gap-4">
            <p className="text-soft">{t(end)}</p>
            <a href={props.againHref} className={buttonLook("action")}>
              {t("manage.again")}
            </a>
          </div>
        )}
      </Fragment>
    </div>
  );
}
