// The booking page of one event type, from choosing a time to the confirmed booking.
import { useState } from "react";
import { createBooking } from "@/api/bookings";
import type { CreatedBooking, EventType } from "@/api/types";
import { minutesOf } from "@/lib/slot-length";
import { BookedView } from "./booked-view";
import { BookerStage } from "./booker-stage";
import type { Holding, InFlight, Lost } from "./booking-machine";
import { DetailsForm, type DetailsFormProps } from "./details-form";
import { type Draft, requestParts } from "./draft";
import type { Offer, Viewing } from "./offer";
import { OfferPane } from "./offer-pane";
import { useBooker } from "./use-booker";
import { useHostReports } from "./use-host-reports";

export interface BookerProps extends Viewing {
  eventType: EventType;
  houseName: string;
}

export function Booker({ eventType, houseName, view, onView }: BookerProps) {
  const control = useBooker<CreatedBooking>(eventType.id);
  const [draft, setDraft] = useState<Draft>({});
  useHostReports(control.state);

  const book = () =>
    control.submit((slot, sessionId, attempt) =>
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
    );

  return (
    <BookerStage
      offer={offerOf(eventType)}
      houseName={houseName}
      control={control}
      view={view}
      onView={onView}
      aside={<OfferPane eventType={eventType} view={view} onView={onView} />}
      details={(state) => (
        <DetailsForm
          eventType={eventType}
          draft={draft}
          onDraft={(change) => setDraft((before) => ({ ...before, ...change }))}
          onSubmit={() => void book()}
          phase={phaseOf(state)}
          trouble={state.step === "holding" ? state.trouble : null}
        />
      )}
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

function offerOf(eventType: EventType): Offer {
  return {
    eventTypeId: eventType.id,
    title: eventType.title,
    durationsMinutes: eventType.durations_minutes,
    timeZone: eventType.time_zone,
    horizonDays: eventType.horizon_days ?? null,
    isShared: eventType.resources.some((resource) => resource.capacity > 1),
  };
}

function phaseOf(state: Holding | InFlight | Lost): DetailsFormProps["phase"] {
  if (state.step === "lost") return "idle";
  if (state.step === "booking") return state.reachable ? "sending" : "retrying";
  return state.grant ? "ready" : "claiming";
}
