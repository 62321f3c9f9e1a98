// What is booked, for its owner.
import type { Booking } from "@/api/types";
import { BookingDetails } from "@/components/ui/booking-details";
import { useI18n } from "@/lib/i18n";
import { knownZone, browserTimeZone } from "@/lib/browser-locale";

export function BookingCard({ booking }: { booking: Booking }) {
  const { t } = useI18n();
  const { timeZone, isInstead } = knownZone(booking.time_zone, browserTimeZone());
  const isOver = booking.status === "cancelled" || booking.status === "declined";
  return (
    <section className="rounded-bar border border-hairline bg-raised">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-5 pt-4 pb-2">
        <h2 className="font-serif text-heading wrap-anywhere">{booking.event_type_title}</h2>
        <p
          data-testid="status"
          className={`text-small font-medium ${isOver ? "text-loss" : "text-accent-deep"}`}
        >
          {t(`manage.status.${booking.status}`)}
        </p>
      </div>
      <BookingDetails
        booking={booking}
        timeZone={timeZone}
        more={[[t("manage.reason"), booking.ended_reason]]}
      />
      {isInstead && (
        <p className="border-t border-hairline px-5 py-3 text-small text-soft">
          {t("manage.zone", { zone: booking.time_zone, shown: timeZone })}
        </p>
      )}
    </section>
  );
}
