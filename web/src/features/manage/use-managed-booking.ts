// The booking as the server has it, what has come of it, and what it was made of.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { bookingQuery } from "@/api/bookings";
import { pageQuery } from "@/api/catalog";
import { isRefusal } from "@/api/refusal";
import type { Booking } from "@/api/types";
import type { MessageKey } from "@/lib/messages/en";

/** What has come of the booking: an object of its own each time, though it says the same. */
interface Outcome {
  key: MessageKey;
}

export function useManagedBooking(uid: string, token: string) {
  const queryClient = useQueryClient();
  const query = bookingQuery(uid, token);
  const [isSending, setSending] = useState(false);
  const {
    data: booking,
    error,
    refetch,
  } = useQuery({
    ...query,
    enabled: token !== "" && !isSending,
  });
  const { data: page } = useQuery({
    ...pageQuery(booking?.event_type_id ?? ""),
    enabled: booking !== undefined,
  });
  const { outcome, report } = useOutcome(isSending ? undefined : booking);
  return {
    booking,
    /** Not known while it is fetched. */
    page,
    outcome,
    /** The link opens no booking. */
    isUnknown: !booking && (token === "" || isRefusal(error)),
    isUnreachable: !booking && error !== null,
    /** While a change is sent, the booking is looked at nowhere else. */
    setSending,
    change: (next: Booking, key: MessageKey) => {
      report(key, next.version);
      queryClient.setQueryData(query.queryKey, next);
    },
    /** It was changed elsewhere. */
    lookAgain: () => {
      report("manage.changed");
      void refetch();
    },
    retry: () => void refetch(),
  };
}

/** What has come of the booking since it was first seen, by what is done here or elsewhere. */
function useOutcome(booking: Booking | undefined) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [known, setKnown] = useState<number | null>(null);
  const report = (key: MessageKey, version = known) => {
    setKnown(version);
    setOutcome({ key });
  };
  if (booking && booking.version > (known ?? 0)) {
    setKnown(booking.version);
    if (known !== null) setOutcome({ key: "manage.changed" });
  }
  return { outcome, report };
}
