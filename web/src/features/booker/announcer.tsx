// Says aloud, and in the tab's title, what happened to the visitor's time.
import { useState } from "react";
import { useI18n } from "@/lib/i18n";
import { countdown, type TimeFormat, useTimeFormat } from "@/lib/time-format";
import { useNow } from "@/lib/use-now";
import type { BookerState, Holding } from "./state/booking-state";
import { ENDING_MS, isRecent, useTimeLeft } from "./hold/countdown";
import { certaintyOf, heldText } from "./hold/held-text";

export interface AnnouncerProps {
  state: BookerState<unknown>;
  title: string;
  timeZone: string;
  /** What is said when it is done. */
  done: string;
}

export function Announcer({ state, title, timeZone, done }: AnnouncerProps) {
  const announcement = useAnnouncement(state, timeZone, done);
  const isUrgent = state.step === "lost" || (state.step === "holding" && state.how === "promoted");
  return (
    <>
      <title>{announcement.title ? `${announcement.title} · ${title}` : title}</title>
      <p role="status" aria-live={isUrgent ? "assertive" : "polite"} className="sr-only">
        {announcement.text}
      </p>
    </>
  );
}

interface Announcement {
  text: string;
  title: string | null;
}

const SILENCE: Announcement = { text: "", title: null };

function useAnnouncement(
  state: BookerState<unknown>,
  timeZone: string,
  done: string,
): Announcement {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const ending = useEnding(state.step === "holding" ? (state.grant?.deadline ?? null) : null);
  const now = useNow();
  switch (state.step) {
    case "holding":
      return holdAnnouncement(state, { t, write, now, ending });
    case "waiting": {
      if (!state.reachable) return { text: t("hold.unreachable"), title: t("away.short") };
      if (!state.place) return SILENCE;
      const { position } = state.place;
      const place = { time: write.time(state.slot.start), position };
      const text = t(position === 1 ? "line.next" : "line.place", place);
      return { text, title: text };
    }
    case "booking":
      return {
        text: state.held.lapsed ? t("hold.lapsed") : "",
        title: t(state.reachable ? "form.sending" : "form.retrying.short"),
      };
    case "lost": {
      const text = t(`lost.${state.reason}`, { time: write.time(state.slot.start) });
      return { text, title: text };
    }
    case "booked":
      return { text: done, title: done };
    case "browsing":
      return SILENCE;
  }
}

interface AnnouncementContext {
  t: ReturnType<typeof useI18n>["t"];
  write: TimeFormat;
  now: number;
  ending: Ending | null;
}

function holdAnnouncement(
  held: Holding,
  { t, write, now, ending }: AnnouncementContext,
): Announcement {
  const time = write.time(held.slot.start);
  const certainty = certaintyOf(held, now);
  if (!held.reachable) {
    const text = t(certainty === "was_held" ? "hold.uncertain" : "hold.unreachable");
    return { text, title: t("away.short") };
  }
  if (certainty === "asking") return SILENCE;
  if (ending && !isRecent(held, now)) {
    const left = write.duration(ending.announced);
    const text = t(held.grant?.extended ? "hold.ending.final" : "hold.ending", { left });
    return { text, title: t("hold.left", { time: countdown(ending.left) }) };
  }
  const mine = `${time} ${t("times.yours")}`;
  if (held.how === "promoted") {
    const text = t("hold.promoted", { time });
    return { text, title: isRecent(held, now) ? `● ${text}` : mine };
  }
  if (held.how === "regained") return { text: t("hold.regained"), title: mine };
  return { text: heldText(certainty, held.slot, { t, write }), title: mine };
}

/** When what is left is told aloud, in milliseconds: often enough to act, not every second. */
const ANNOUNCED_AT_MS = [ENDING_MS, 60_000, 30_000, 10_000];

interface Ending {
  left: number;
  /** What was left when it was last told. */
  announced: number;
}

function useEnding(deadline: number | null): Ending | null {
  const left = useTimeLeft(deadline ?? Infinity);
  const step = ANNOUNCED_AT_MS.findLastIndex((at) => left <= at);
  const [last, setLast] = useState({ step: -1, left: 0 });
  if (last.step !== step) setLast({ step, left });
  return step === -1 ? null : { left, announced: last.left };
}
