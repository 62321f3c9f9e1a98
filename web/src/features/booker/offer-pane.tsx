// What is offered: title, description, duration, location and the visitor's time zone.
import type { EventType } from "@/api/types";
import { Description } from "@/components/ui/description";
import { usePlaceName } from "@/components/ui/location-text";
import { useDurationText } from "@/lib/duration-text";
import { useI18n } from "@/lib/i18n";
import { DurationChoice } from "./choose/duration-choice";
import type { Viewing } from "./state/offer";
import { ZoneChoice } from "./zone/zone-choice";

export interface OfferPaneProps extends Viewing {
  eventType: EventType;
  /** A time is held: how long is settled. */
  isSettled: boolean;
  /** A phone shows the title alone. */
  isBrief: boolean;
}

export function OfferPane(props: OfferPaneProps) {
  const { eventType, isSettled, isBrief, view, onView } = props;
  const { t } = useI18n();
  const location = usePlaceName(eventType.location);
  const [resource] = eventType.resources;
  const durationText = useDurationText();
  const cancelUntil = eventType.cancel_until_minutes ?? 0;
  const brief = isBrief ? "max-desk:hidden" : "";
  return (
    <div className="flex flex-col items-start gap-4">
      <div className="flex flex-col gap-2">
        <h1 className="font-serif text-title wrap-anywhere">{eventType.title}</h1>
        <Description text={eventType.description} className={brief} />
      </div>
      <div className={brief}>
        <DurationChoice
          choices={eventType.durations_minutes}
          value={view.durationMinutes}
          isSettled={isSettled}
          onChange={(durationMinutes) => onView({ durationMinutes })}
        />
      </div>
      <div className={`flex flex-col items-start gap-1 text-soft ${brief}`}>
        <p className="min-h-8 content-center wrap-anywhere">
          {eventType.resources.length === 1 && (
            <span className="font-medium text-ink">{resource?.name}</span>
          )}
          {eventType.resources.length === 1 && location && " · "}
          {location}
        </p>
        <ZoneChoice
          value={view.timeZone}
          isInstead={view.isZoneInstead}
          onChange={(timeZone) => onView({ timeZone })}
        />
        {eventType.requires_confirmation && <p>{t("offer.confirm_first")}</p>}
        {cancelUntil !== 0 && (
          <p>{t("offer.cancel_until", { duration: durationText(cancelUntil) })}</p>
        )}
      </div>
    </div>
  );
}
