// Who is in the room of a slot, in line order.
import { useQuery } from "@tanstack/react-query";
import { roomPresenceQuery, type SlotWish } from "@/api/presence";

const REFRESH_MS = 5000;

/** `me` is this tab's pseudonym in the room, once known. */
export function useSlotPresence(wish: SlotWish, me: string | null) {
  const { data } = useQuery({ ...roomPresenceQuery(wish), refetchInterval: REFRESH_MS });
  const present = data?.present ?? [];
  const first = present[0];
  return {
    present,
    isLocked: first?.state === "holding" && first.who !== me,
    myIndex: present.findIndex((one) => one.who === me),
  };
}
