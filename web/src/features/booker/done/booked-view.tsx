// The booking is made: what it is, how to keep it, and how to change it.
import { type ReactNode, useEffect, useRef } from "react";
import type { CreatedBooking } from "@/api/types";
import { Button, buttonLook } from "@/components/ui/button";
import { CalendarLinks } from "@/components/ui/calendar-links";
import { CheckIcon } from "@/components/ui/icons";
import { LocationText } from "@/components/ui/location-text";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";
import { manageLink } from "@/lib/manage-link";
import { useTimeFormat } from "@/lib/time-format";

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
        <Summary booking={booking} timeZone={timeZone} />
        {!isPending && <CalendarLinks booking={booking} manageHref={manageHref} />}
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

function Summary({ booking, timeZone }: Pick<BookedViewProps, "booking" | "timeZone">) {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const location = booking.location?.value;
  const rows: [string, ReactNode][] = [
    [
      t("booked.when"),
      `${write.longDay(booking.start)}, ${write.time(booking.start)} – ${write.timeWithOffset(booking.end)}`,
    ],
    [t("booked.where"), location && <LocationText value={location} />],
    [t("booked.with"), booking.resources.map((resource) => resource.name).join(", ")],
    [t("booked.who"), `${booking.booker.name} · ${booking.booker.email}`],
  ];
  return (
    <section className="rounded-bar border border-hairline bg-raised">
      <h2 className="px-5 pt-4 pb-2 font-serif text-heading wrap-anywhere">
        {booking.event_type_title}
      </h2>
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
    </section>
  );
}
