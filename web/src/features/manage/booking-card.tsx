// What is booked, for its owner.
import type { ReactNode } from "react";
import type { Booking } from "@/api/types";
import { LocationText } from "@/components/ui/location-text";
import { useI18n } from "@/lib/i18n";
import { knownZone, browserTimeZone } from "@/lib/browser-locale";
import { useTimeFormat } from "@/lib/time-format";

export function BookingCard({ booking }: { booking: Booking }) {
  const { t } = useI18n();
  const { timeZone, isInstead } = knownZone(booking.time_zone, browserTimeZone());
  const write = useTimeFormat(timeZone);
  const isOver = booking.status === "cancelled" || booking.status === "declined";
  const location = booking.location?.value;
  const rows: [string, ReactNode][] = [
    [
      t("booked.when"),
      `${write.longDay(booking.start)}, ${write.time(booking.start)} – ${write.timeWithOffset(booking.end)}`,
    ],
    [t("booked.where"), location && <LocationText value={location} />],
    [t("booked.with"), booking.resources.map((resource) => resource.name).join(", ")],
    [t("booked.who"), `${booking.booker.name} · ${booking.booker.email}`],
    [t("manage.reason"), booking.cancellation_reason ?? ""],
  ];
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
      <dl className="px-5 pb-3">
        {rows
          .filter(([, text]) => Boolean(text))
          .map(([name, text]) => (
            <div
              key={name}
              className="grid gap-x-4 border-t border-hairline py-2.5 tablet:grid-cols-[6rem_1fr]"
            >
              <dt className="text-soft">{name}</dt>
              <dd className="wrap-anywhere">{text}</dd>
            </div>
          ))}
      </dl>
      {isInstead && (
        <p className="border-t border-hairline px-5 py-3 text-small text-soft">
          {t("manage.zone", { zone: booking.time_zone, shown: timeZone })}
        </p>
      )}
    </section>
  );
}
