// What a booking says, line by line: when, where, with whom, for whom.
import type { ReactNode } from "react";
import type { Booking } from "@/api/types";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import { LocationText, usePlaceName } from "./location-text";

export interface BookingDetailsProps {
  booking: Pick<Booking, "start" | "end" | "location" | "resources" | "booker">;
  timeZone: string;
  /** More of them, named; what is empty is left out. */
  more?: [string, ReactNode][];
}

export function BookingDetails({ booking, timeZone, more = [] }: BookingDetailsProps) {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const place = usePlaceName(booking.location);
  const rows: [string, ReactNode][] = [
    [
      t("booked.when"),
      `${write.longDay(booking.start)}, ${write.time(booking.start)} – ${write.timeWithOffset(booking.end)}`,
    ],
    [t("booked.where"), place && booking.location && <LocationText location={booking.location} />],
    [t("booked.with"), booking.resources.map((resource) => resource.name).join(", ")],
    [t("booked.who"), [booking.booker.name, booking.booker.email].filter(Boolean).join(" · ")],
    ...more,
  ];
  return (
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
  );
}
