// The slots of a range, kept live by the server's stream.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { slotsQuery, type SlotRangeWanted, slotStreamUrl } from "@/api/availability";
import { watchSlots } from "@/api/slot-stream";
import type { Slot } from "@/api/types";

/** What a change means for the list: listed slots are replaced or added in order, others leave it. */
export function applyChange(slots: Slot[], change: Slot): Slot[] {
  const others = slots.filter((slot) => slot.start !== change.start);
  if (change.state !== "free" && change.state !== "held") return others;
  const after = others.findIndex((slot) => slot.start > change.start);
  return others.toSpliced(after === -1 ? others.length : after, 0, change);
}

export function useLiveSlots(range: SlotRangeWanted) {
  const queryClient = useQueryClient();
  const query = slotsQuery(range);
  const key = JSON.stringify(query.queryKey);
  const { data, error, isPending } = useQuery({
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
    return watchSlots(slotStreamUrl(range), {
      onSnapshot: (slots) => {
        put(() => slots);
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
    isReconnecting: brokenKey === key,
  };
}
