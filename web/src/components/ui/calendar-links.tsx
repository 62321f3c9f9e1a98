// Puts a booking into its owner's calendar: as a file, or by a link to one of the two big web calendars.
import { useMutation } from "@tanstack/react-query";
import { bookingCalendar } from "@/api/bookings";
import type { Booking } from "@/api/types";
import { type Appointment, googleLink, outlookLink } from "@/lib/calendar-links";
import { useI18n } from "@/lib/i18n";
import { Button, buttonLook } from "./button";
import { Notice } from "./notice";

export interface CalendarLinksProps {
  booking: Booking;
  /** Opens the file, which stays with its owner, and goes into no link to another site. */
  token: string;
}

export function CalendarLinks({ booking, token }: CalendarLinksProps) {
  const { t } = useI18n();
  const file = useMutation({
    mutationFn: () => bookingCalendar(booking.uid, token),
    onSuccess: (text) => saveFile("booking.ics", text),
  });
  const appointment: Appointment = {
    title: booking.event_type_title,
    start: booking.start,
    end: booking.end,
    location: booking.location?.value ?? "",
  };
  const look = buttonLook("plain");
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-medium">{t("booked.calendar")}</h2>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => file.mutate()} disabled={file.isPending}>
          {t("booked.ics")}
        </Button>
        <a href={googleLink(appointment)} target="_blank" rel="noreferrer" className={look}>
          {t("booked.google")}
        </a>
        <a href={outlookLink(appointment)} target="_blank" rel="noreferrer" className={look}>
          {t("booked.outlook")}
        </a>
      </div>
      <div role="status" className="empty:hidden">
        {file.isError && <Notice tone="loss">{t("booked.ics_failed")}</Notice>}
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
