// What may be said of a chosen time: that it is held only once the server has said so, and only for as long as that is sure.
import type { SlotRange } from "@/api/types";
import { useI18n } from "@/lib/i18n";
import { type TimeFormat, useTimeFormat } from "@/lib/time-format";
import { useNow } from "@/lib/use-now";
import type { Holding } from "../state/booking-state";
import { isUncertain } from "./countdown";

export type Certainty = "asking" | "held" | "was_held";

export function certaintyOf({ grant, reachable, lapsed }: Holding, now: number): Certainty {
  if (lapsed) return "was_held";
  if (!grant) return "asking";
  return !reachable && isUncertain(grant, now) ? "was_held" : "held";
}

interface TextContext {
  t: ReturnType<typeof useI18n>["t"];
  write: TimeFormat;
}

export function heldText(
  certainty: Certainty,
  { start, end }: SlotRange,
  { t, write }: TextContext,
) {
  const range = { date: write.day(start), from: write.time(start), to: write.time(end) };
  return t(`hold.${certainty}`, range);
}

/** The sentence for now, and all that may come in its place. */
export function useHeldText(held: Holding, timeZone: string) {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const certainty = certaintyOf(held, useNow());
  const textOf = (which: Certainty) => heldText(which, held.slot, { t, write });
  return {
    certainty,
    text: textOf(certainty),
    texts: [textOf("asking"), textOf("held"), textOf("was_held")],
  };
}
