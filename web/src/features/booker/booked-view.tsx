// The booking is made: what it is, how to keep it, and how to change it.
import { useEffect, useRef } from "react";
import type { CreatedBooking } from "@/api/types";
import { Button, buttonLook } from "@/components/ui/button";
import { CheckIcon } from "@/components/ui/icons";
import { useSpeech } from "@/lib/language";
import { useTimeFormat } from "@/lib/time-format";
import { type Appointment, googleLink, icsFile, outlookLink } from "./calendar-links";

export interface BookedViewProps {
  booking: CreatedBooking;
  timeZone: string;
  onAgain: () => void;
}

export function BookedView({ booking, timeZone, onAgain }: BookedViewProps) {
  const { t } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const isPending = booking.status === "pending";

  // Synchronizes the browser's focus with the end of the flow.
  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="desk:grid desk:min-h-[40rem] desk:grid-cols-[17.5rem_1fr]">
      <div className="flex flex-col gap-2 border-hairline px-5 pt-8 tablet:px-7 desk:border-e desk:py-8">
        <span className="grid size-10 place-items-center rounded-full bg-sea text-on-sea">
          <CheckIcon />
        </span>
        <h1 ref={heading} tabIndex={-1} className="pt-2 font-serif text-title outline-none">
          {t(isPending ? "booked.title.pending" : "booked.title")}
        </h1>
        <p className="text-soft">
          {isPending ? t("booked.text.pending") : t("booked.text", { name: booking.booker.name })}
        </p>
      </div>
      <div className="flex flex-col gap-8 px-5 py-8 tablet:px-7 desk:max-w-[46rem]">
        <Summary booking={booking} timeZone={timeZone} />
        {!isPending && <CalendarLinks booking={booking} />}
        <div className="flex flex-col gap-3 border-t border-hairline pt-6">
          <div className="flex flex-wrap items-center gap-4">
            <a href={manageLink(booking)} className={buttonLook("action")}>
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

/** The same page under the address the visitor already uses; the token stays out of server logs. */
function manageLink(booking: CreatedBooking): string {
  return `/bookings/${booking.uid}#token=${booking.management_token}`;
}

function Summary({ booking, timeZone }: Pick<BookedViewProps, "booking" | "timeZone">) {
  const { t } = useSpeech();
  const write = useTimeFormat(timeZone);
  const rows: [string, string][] = [
    [
      t("booked.when"),
      `${write.longDay(booking.start)}, ${write.time(booking.start)} – ${write.timeWithOffset(booking.end)}`,
    ],
    [t("booked.where"), booking.location?.value ?? ""],
    [t("booked.with"), booking.resources.map((resource) => resource.name).join(", ")],
    [t("booked.who"), `${booking.booker.name} · ${booking.booker.email}`],
  ];
  return (
    <section className="rounded-bar border border-hairline bg-raised">
      <h2 className="px-5 pt-4 pb-2 font-serif text-heading">{booking.event_type_title}</h2>
      <dl className="px-5 pb-3">
        {rows
          .filter(([, text]) => text)
          .map(([name, text]) => (
            <div
              key={name}
              className="grid gap-x-4 border-t border-hairline py-2.5 tablet:grid-cols-[6rem_1fr]"
            >
              <dt className="text-soft">{name}</dt>
              <dd className="break-words">{text}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

function CalendarLinks({ booking }: { booking: CreatedBooking }) {
  const { t } = useSpeech();
  const appointment: Appointment = {
    uid: booking.uid,
    title: booking.event_type_title,
    start: booking.start,
    end: booking.end,
    place: booking.location?.value ?? "",
    note: new URL(manageLink(booking), location.href).href,
  };
  const look = buttonLook("plain");
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-medium">{t("booked.calendar")}</h2>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => saveFile("booking.ics", icsFile(appointment, new Date()))}>
          {t("booked.ics")}
        </Button>
        <a href={googleLink(appointment)} target="_blank" rel="noreferrer" className={look}>
          {t("booked.google")}
        </a>
        <a href={outlookLink(appointment)} target="_blank" rel="noreferrer" className={look}>
          {t("booked.outlook")}
        </a>
      </div>
    </section>
  );
}

function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
