// The slots of a range, kept live by the server's stream.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { slotsQuery, type SlotRangeQuery, slotStreamOf } from "@/api/availability";
import { watchSlots } from "@/api/slot-stream";
import type { Slot } from "@/api/types";
import { byStart } from "@/lib/slot-range";
import { isWanted } from "./slot-days";

/**
 * What a change means for the list: listed slots are replaced, also by what is gone, so that none of
 * the others moves; new ones are added in order, and the page keeps them aside (see `setAside`).
 */
export function applyChange(slots: Slot[], change: Slot): Slot[] {
  const isListed = slots.some((slot) => slot.start === change.start);
  if (!isListed && !isWanted(change)) return slots;
  const others = slots.filter((slot) => slot.start !== change.start);
  const after = others.findIndex((slot) => byStart(slot, change) > 0);
  return others.toSpliced(after === -1 ? others.length : after, 0, change);
}

/** What a snapshot means: what it does not list is gone, and keeps its place as well. */
export function applySnapshot(slots: Slot[], snapshot: Slot[]): Slot[] {
  const listed = new Set(snapshot.map((slot) => slot.start));
  const gone = slots
    .filter((slot) => !listed.has(slot.start))
    .map((slot): Slot => ({ ...slot, state: "booked", remaining: 0 }));
  return [...snapshot, ...gone].sort(byStart);
}

export function useLiveSlots(range: SlotRangeQuery) {
  const queryClient = useQueryClient();
  const query = slotsQuery(range);
  const key = JSON.stringify(query.queryKey);
  const { data, error, isPending, refetch } = useQuery({
    ...query,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const [brokenKey, setBrokenKey] = useState<string | null>(null);
  const isLoaded = data !== undefined;

  // Synchronizes the cached slots with the server's stream. It opens after the first answer, so that
  // an older answer never overwrites a snapshot.
  useEffect(() => {
    if (!isLoaded) return;
    const put = (update: (slots: Slot[]) => Slot[]) =>
      queryClient.setQueryData(query.queryKey, (slots) => update(slots ?? []));
    // Whoever comes back to these slots sees them without what was gone before.
    put((slots) => slots.filter(isWanted));
    return watchSlots(slotStreamOf(range), {
      onSnapshot: (snapshot) => {
        put((slots) => applySnapshot(slots, snapshot));
        setBrokenKey(null);
      },
      onChange: (slot) => put((slots) => applyChange(slots, slot)),
      onBroken: () => setBrokenKey(key),
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all that range and query say
  }, [queryClient, key, isLoaded]);

  return {
    slots: data ?? null,
    isPending,
    error: isLoaded ? null : error,
    refetch,
    isReconnecting: brokenKey === key,
  };
}
