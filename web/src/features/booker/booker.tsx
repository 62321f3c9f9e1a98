// The booking page of one event type, from choosing a time to the confirmed booking.
import { createBooking } from "@/api/bookings";
import type { CreatedBooking, EventType } from "@/api/types";
import { useI18n } from "@/lib/i18n";
import { minutesOf } from "@/lib/slot-range";
import { BookedView, doneTitle } from "./done/booked-view";
import { BookerStage } from "./booker-stage";
import type { Holding, InFlight, Lost } from "./state/booking-state";
import { DetailsForm, type DetailsFormProps } from "./details/details-form";
import { hasTyped, requestParts } from "./details/draft";
import { offerOf, type Viewing } from "./state/offer";
import { OfferPane } from "./offer-pane";
import type { BookerHistory } from "./state/history-entry";
import { useBooker } from "./use-booker";
import { useDraft } from "./details/use-draft";
import { useHostReports } from "./use-host-reports";

export interface BookerProps extends Viewing {
  eventType: EventType;
  organizationName: string;
  history: BookerHistory<CreatedBooking>;
}

export function Booker({ eventType, organizationName, history, view, onView }: BookerProps) {
  const { t } = useI18n();
  const { draft, change, forget } = useDraft(eventType.id);
  const control = useBooker<CreatedBooking>({
    moving: null,
    eventTypeId: eventType.id,
    history,
    onDone: forget,
    send: (slot, sessionId, attempt) =>
      createBooking(
        {
          event_type_id: eventType.id,
          start: slot.start,
          duration_minutes: minutesOf(slot),
          session_id: sessionId,
          time_zone: view.timeZone,
          ...requestParts(draft, eventType),
        },
        attempt,
      ),
  });
  useHostReports(control.state);

  return (
    <BookerStage
      offer={offerOf(eventType)}
      organizationName={organizationName}
      control={control}
      view={view}
      onView={onView}
      hasTyped={hasTyped(draft)}
      aside={(scene) => (
        <OfferPane
          {...{ eventType, view, onView }}
          isSettled={scene === "details"}
          isBrief={scene !== "choose"}
        />
      )}
      details={(state) => (
        <DetailsForm
          eventType={eventType}
          draft={draft}
          onDraft={change}
          onSubmit={control.submit}
          phase={phaseOf(state)}
          trouble={state.step === "holding" ? state.trouble : null}
        />
      )}
      doneAnnouncement={(booking) => t(doneTitle(booking))}
      done={(booking) => (
        <BookedView
          booking={booking}
          timeZone={view.timeZone}
          onAgain={() => control.dispatch({ type: "release" })}
        />
      )}
    />
  );
}

function phaseOf(state: Holding | InFlight | Lost): DetailsFormProps["phase"] {
  if (state.step === "lost") return "idle";
  if (state.step === "booking") return state.reachable ? "sending" : "retrying";
  return state.grant ? "ready" : "claiming";
}
