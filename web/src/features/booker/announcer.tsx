// Says aloud, and in the tab's title, what happened to the visitor's time.
import { useSpeech } from "@/lib/language";
import { useTimeFormat } from "@/lib/time-format";
import type { BookerState } from "./booking-machine";
import { ENDING_MS, useTimeLeft } from "./countdown";

export interface AnnouncerProps {
  state: BookerState<unknown>;
  title: string;
  timeZone: string;
}

export function Announcer({ state, title, timeZone }: AnnouncerProps) {
  const news = useNews(state, timeZone);
  const isUrgent = state.step === "lost" || (state.step === "holding" && state.how === "promoted");
  return (
    <>
      <title>{news.title ? `${news.title} · ${title}` : title}</title>
      <p role="status" aria-live={isUrgent ? "assertive" : "polite"} className="sr-only">
        {news.text}
      </p>
    </>
  );
}

interface News {
  text: string;
  title: string | null;
}

function useNews(state: BookerState<unknown>, timeZone: string): News {
  const { t } = useSpeech();
  const write = useTimeFormat(timeZone);
  const deadline = state.step === "holding" ? (state.grant?.deadline ?? Infinity) : Infinity;
  const isEnding = useTimeLeft(deadline) <= ENDING_MS;
  switch (state.step) {
    case "holding": {
      const time = write.time(state.slot.start);
      if (isEnding) {
        const key = state.grant?.extended ? "hold.ending.final" : "hold.ending";
        return { text: t(key), title: t(key) };
      }
      if (state.how === "promoted") {
        return { text: t("hold.promoted", { time }), title: `● ${t("hold.promoted", { time })}` };
      }
      const held = t("hold.held", {
        date: write.day(state.slot.start),
        from: time,
        to: write.time(state.slot.end),
      });
      const text = state.how === "regained" ? t("hold.regained") : state.grant ? held : "";
      return { text, title: `${time} ${t("times.yours")}` };
    }
    case "waiting": {
      if (!state.place) return { text: "", title: null };
      const { position } = state.place;
      const place = { time: write.time(state.slot.start), position };
      const text = t(position === 1 ? "line.next" : "line.place", place);
      return { text, title: text };
    }
    case "lost": {
      const text = t(`lost.${state.reason}`, { time: write.time(state.slot.start) });
      return { text, title: text };
    }
    case "booked":
      return { text: t("booked.title"), title: t("booked.title") };
    default:
      return { text: "", title: null };
  }
}
