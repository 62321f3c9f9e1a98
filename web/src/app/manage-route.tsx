// Puts the manage page and the picker of a new time together.
import { parseAbsolute, toCalendarDate } from "@internationalized/date";
import { getRouteApi, useLocation, useRouter } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import type { Booking } from "@/api/types";
import { MovePicker } from "@/features/booker/move-picker";
import type { View } from "@/features/booker/offer";
import { ManagePage, type PickerParts } from "@/features/manage/manage-page";
import { minutesOf } from "@/lib/slot-length";
import { useHistoryTrail } from "./use-history-trail";

const route = getRouteApi("/bookings/$uid");

export function ManageRoute() {
  const { uid } = route.useParams();
  const { history } = useRouter();
  const { hash, state } = useLocation();
  const token = new URLSearchParams(hash).get("token") ?? "";
  return (
    <ManagePage
      key={uid}
      uid={uid}
      token={token}
      isMoving={state.isMoving ?? false}
      onMove={() => history.push(history.location.href, { isMoving: true })}
      // The picker may have put a stop of its own above its entry.
      onMoveEnd={() => history.go(history.location.state.stop ? -2 : -1)}
      renderPicker={(parts) => (
        <Suspense>
          <Picker {...parts} />
        </Suspense>
      )}
    />
  );
}

function Picker(parts: PickerParts) {
  const { booking } = parts;
  const trail = useHistoryTrail<Booking>();
  const [view, setView] = useState<View>(() => ({
    date: toCalendarDate(parseAbsolute(booking.start, booking.time_zone)).toString(),
    durationMinutes: minutesOf(booking),
    timeZone: booking.time_zone,
  }));
  return (
    <MovePicker
      {...parts}
      trail={trail}
      view={view}
      onView={(change) => setView((before) => ({ ...before, ...change }))}
    />
  );
}
