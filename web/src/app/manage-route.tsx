// Puts the manage page and the picker of a new time together.
import { Suspense, useState } from "react";
import { useHistoryState, useLocationProperty } from "wouter/use-browser-location";
import type { Booking } from "@/api/types";
import { MovePicker } from "@/features/booker/move-picker";
import type { View } from "@/features/booker/state/offer";
import { ManagePage, type PickerParts } from "@/features/manage/manage-page";
import { knownZone, browserTimeZone } from "@/lib/browser-locale";
import { minutesOf } from "@/lib/slot-range";
import { dateIn } from "@/lib/zoned-date";
import { type EntryState, browserHistory, stateHere, writeEntry } from "./browser-history";

export function ManageRoute({ uid }: { uid: string }) {
  const state = useHistoryState<EntryState | null>();
  const hash = useLocationProperty(() => location.hash);
  // Mail programs and chats add quotes and stops to links; a token has none.
  const [token = ""] = /(?<=token=)[0-9a-f]{64}/i.exec(hash) ?? [];
  return (
    <ManagePage
      key={uid}
      uid={uid}
      token={token}
      isMoving={state?.isMoving ?? false}
      onMove={() => writeEntry("pushState", { isMoving: true } satisfies EntryState)}
      // The picker may have put an entry of its own above this one.
      onMoveEnd={() => history.go(stateHere().stop ? -2 : -1)}
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
  const [view, setView] = useState<View>(() => {
    const { timeZone, isInstead } = knownZone(booking.time_zone, browserTimeZone());
    return {
      date: dateIn(timeZone, booking.start),
      durationMinutes: minutesOf(booking),
      timeZone,
      isZoneInstead: isInstead,
    };
  });
  return (
    <MovePicker
      {...parts}
      history={browserHistory<Booking>()}
      view={view}
      onView={(change) =>
        setView((before) => ({
          ...before,
          ...(change.timeZone ? { isZoneInstead: false } : {}),
          ...change,
        }))
      }
    />
  );
}
