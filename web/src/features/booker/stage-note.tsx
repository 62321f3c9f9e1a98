// What floats over the page for a moment: the connection is lost, or a time was given up.
import { FloatingNote } from "@/components/ui/floating-note";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import type { BookerState } from "./state/booking-state";

export interface StageNoteProps {
  state: BookerState<unknown>;
  timeZone: string;
  isReconnecting: boolean;
}

export function StageNote({ state, timeZone, isReconnecting }: StageNoteProps) {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const isChoosing = state.step === "browsing" || state.step === "waiting";
  if (isReconnecting && (isChoosing || (state.step === "holding" && state.looking))) {
    return <FloatingNote kind="lasting">{t("times.reconnecting")}</FloatingNote>;
  }
  if (state.step === "browsing" && state.givenUp) {
    const { slot, from } = state.givenUp;
    const time = write.time(slot.start);
    return (
      <FloatingNote kind="passing">
        {t(from === "hold" ? "hold.released" : "line.left", { time })}
      </FloatingNote>
    );
  }
  return <FloatingNote kind="passing">{null}</FloatingNote>;
}
