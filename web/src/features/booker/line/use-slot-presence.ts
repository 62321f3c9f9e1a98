// Who is in the room of a slot, in line order.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { slotPresenceQuery, type SlotRequest } from "@/api/presence";

const REFRESH_MS = 5000;

/**
 * `me` is this tab's pseudonym in the room, once known; `revision` is whatever was last told of the line: another
 * one means that others have come or gone.
 */
export function useSlotPresence(request: SlotRequest, me: string | null, revision = "") {
  const { queryKey, ...query } = slotPresenceQuery(request);
  const { data } = useQuery({
    ...query,
    queryKey: [...queryKey, revision],
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const present = data?.present ?? [];
  const first = present[0];
  return {
    present,
    isLocked: first?.state === "holding" && first.who !== me,
    myIndex: present.findIndex((one) => one.who === me),
  };
}
