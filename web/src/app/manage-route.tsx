// Puts the manage page and the picker of a new time together.
import { getRouteApi, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { MovePicker } from "@/features/booker/move-picker";
import type { View } from "@/features/booker/offer";
import { ManagePage, type PickerParts } from "@/features/manage/manage-page";
import { minutesOf } from "@/lib/slot-length";

const route = getRouteApi("/bookings/$uid");

export function ManageRoute() {
  const { uid } = route.useParams();
  const token = new URLSearchParams(useLocation().hash).get("token") ?? "";
  return <ManagePage uid={uid} token={token} renderPicker={(parts) => <Picker {...parts} />} />;
}

function Picker(parts: PickerParts) {
  const { booking } = parts;
  const [view, setView] = useState<View>(() => ({
    date: null,
    durationMinutes: minutesOf(booking),
    timeZone: booking.time_zone,
  }));
  return (
    <MovePicker
      {...parts}
      view={view}
      onView={(change) => setView((before) => ({ ...before, ...change }))}
    />
  );
}
