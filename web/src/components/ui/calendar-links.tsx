// Puts a booking into its owner's calendar: as a file, or by a link to one of the two big web calendars.
import type { Booking } from "@/api/types";
import { type Appointment, googleLink, icsFile, outlookLink } from "@/lib/calendar-links";
import { useI18n } from "@/lib/i18n";
import { Button, buttonLook } from "./button";

export interface CalendarLinksProps {
  booking: Booking;
  /** Goes into the file, which stays with its owner, and into no link to another site. */
  manageHref: string;
}

export function CalendarLinks({ booking, manageHref }: CalendarLinksProps) {
  const { t } = useI18n();
  const appointment: Appointment = {
    uid: booking.uid,
    sequence: booking.version,
    title: booking.event_type_title,
    start: booking.start,
    end: booking.end,
    location: booking.location?.value ?? "",
    note: new URL(manageHref, location.href).href,
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
