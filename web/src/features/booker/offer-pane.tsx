// What is offered: title, description, duration, place and the viewer's time zone.
import type { EventType, Place } from "@/api/types";
import { useSpeech } from "@/lib/language";
import type { MessageKey } from "@/lib/messages/en";
import { DurationChoice } from "./duration-choice";
import type { Viewing } from "./offer";
import { ZoneChoice } from "./zone-choice";

const placeNames: Record<string, MessageKey> = { online: "offer.online", phone: "offer.phone" };

/** Where it takes place; an online address is only for those who booked. */
export function usePlaceText(place: Place | null | undefined): string | null {
  const { t } = useSpeech();
  if (!place) return null;
  const name = placeNames[place.kind];
  return name ? t(name) : place.value;
}

export function OfferPane({ eventType, view, onView }: Viewing & { eventType: EventType }) {
  const { t } = useSpeech();
  const place = usePlaceText(eventType.location);
  const [resource] = eventType.resources;
  return (
    <div className="flex flex-col items-start gap-4">
      <div className="flex flex-col gap-2">
        <h1 className="font-serif text-title">{eventType.title}</h1>
        <p className="text-soft">{eventType.description}</p>
      </div>
      <DurationChoice
        choices={eventType.durations_minutes}
        value={view.durationMinutes}
        onChange={(durationMinutes) => onView({ durationMinutes })}
      />
      <div className="flex flex-col items-start gap-1 text-soft">
        <p className="min-h-8 content-center">
          {eventType.resources.length === 1 && (
            <span className="font-medium text-ink">{resource?.name}</span>
          )}
          {eventType.resources.length === 1 && place && " · "}
          {place}
        </p>
        <ZoneChoice value={view.timeZone} onChange={(timeZone) => onView({ timeZone })} />
        {eventType.requires_confirmation && <p>{t("offer.confirm_first")}</p>}
      </div>
    </div>
  );
}
