// Who is in the room of a slot, in line order.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { roomPresenceQuery, type SlotWish } from "@/api/presence";

const REFRESH_MS = 5000;

/**
 * `me` is this tab's pseudonym in the room, once known; `edition` is whatever was last told of the line: another
 * one means that others have come or gone.
 */
export function useSlotPresence(wish: SlotWish, me: string | null, edition = "") {
  const { queryKey, ...query } = roomPresenceQuery(wish);
  const { data } = useQuery({
    ...query,
    queryKey: [...queryKey, edition],
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
