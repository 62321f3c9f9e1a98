// The booking is made: what it is, how to keep it, and how to change it.
import { useEffect, useRef } from "react";
import type { CreatedBooking } from "@/api/types";
import { BookingDetails } from "@/components/ui/booking-details";
import { Button, buttonLook } from "@/components/ui/button";
import { CalendarLinks } from "@/components/ui/calendar-links";
import { CheckIcon } from "@/components/ui/icons";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";
import { manageLink } from "@/lib/manage-link";

export interface BookedViewProps {
  booking: CreatedBooking;
  timeZone: string;
  onAgain: () => void;
}

export function doneTitle({ status }: CreatedBooking): MessageKey {
  return status === "pending" ? "booked.title.pending" : "booked.title";
}

export function BookedView({ booking, timeZone, onAgain }: BookedViewProps) {
  const { t } = useI18n();
  const heading = useRef<HTMLHeadingElement>(null);
  const isPending = booking.status === "pending";
  const manageHref = manageLink(booking.uid, booking.management_token);

  // Synchronizes the browser's focus with the end of the flow.
  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="desk:grid desk:min-h-[40rem] desk:grid-cols-[17.5rem_1fr]">
      <div className="flex flex-col gap-2 border-hairline px-5 pt-8 tablet:px-7 desk:border-e desk:py-8">
        <span className="grid size-10 place-items-center rounded-full bg-accent text-on-accent">
          <CheckIcon />
        </span>
        <h1 ref={heading} tabIndex={-1} className="pt-2 font-serif text-title outline-none">
          {t(doneTitle(booking))}
        </h1>
        <p className="text-soft">
          {isPending ? t("booked.text.pending") : t("booked.text", { name: booking.booker.name })}
        </p>
      </div>
      <div className="flex flex-col gap-8 px-5 py-8 tablet:px-7 desk:max-w-[46rem]">
        <section className="rounded-bar border border-hairline bg-raised">
          <h2 className="px-5 pt-4 pb-2 font-serif text-heading wrap-anywhere">
            {booking.event_type_title}
          </h2>
          <BookingDetails booking={booking} timeZone={timeZone} />
        </section>
        {!isPending && <CalendarLinks booking={booking} token={booking.management_token} />}
        <div className="flex flex-col gap-3 border-t border-hairline pt-6">
          <div className="flex flex-wrap items-center gap-4">
            <a href={manageHref} className={buttonLook("action")}>
              {t("booked.manage")}
            </a>
            <Button weight="quiet" onClick={onAgain}>
              {t("booked.again")}
            </Button>
          </div>
          <p className="text-small text-soft">{t("booked.keep_link")}</p>
        </div>
      </div>
    </div>
  );
}
