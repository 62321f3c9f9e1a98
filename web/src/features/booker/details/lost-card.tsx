// Says why a time was lost, and offers it again or the nearest free ones.
import { type RefObject, useState } from "react";
import type { Slot, SlotRange } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useI18n } from "@/lib/i18n";
import type { MessageKey } from "@/lib/messages/en";
import { serverClock } from "@/lib/server-clock";
import { overlap } from "@/lib/slot-range";
import { useTimeFormat } from "@/lib/time-format";
import { useNow } from "@/lib/use-now";
import type { Lost, LossReason } from "../state/booking-state";
import { NearTimes } from "../choose/near-times";
import { isWanted, nearestFree } from "../choose/slot-days";

const titles: Record<LossReason, [MessageKey, MessageKey]> = {
  deadline: ["lost.deadline", "lost.deadline.text"],
  taken: ["lost.taken", "lost.taken.text"],
  left: ["lost.left", "lost.left.text"],
  booked: ["lost.booked", "lost.booked.text"],
  unavailable: ["lost.unavailable", "lost.unavailable.text"],
};

const NEAR = 5;

export interface LostCardProps {
  lost: Lost;
  slots: Slot[];
  timeZone: string;
  hasTyped: boolean;
  onChoose: (slot: SlotRange, held: boolean) => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function LostCard(props: LostCardProps) {
  const { lost, slots, timeZone, hasTyped, onChoose, headingRef } = props;
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const time = write.time(lost.slot.start);
  const [title, text] = titles[lost.reason];
  const isGoneForGood = lost.reason === "booked" || lost.reason === "unavailable";
  const near = useKept(nearOf(lost, slots));
  const same = slots.find((slot) => slot.start === lost.slot.start && isWanted(slot));
  return (
    <section className="flex flex-col gap-3 rounded-bar border border-loss bg-loss-wash p-4 tablet:p-5">
      <h2
        ref={headingRef}
        tabIndex={-1}
        data-testid="lost-heading"
        className="text-lead font-semibold outline-none"
      >
        {t(title, { time })}
      </h2>
      <p>
        {t(text, { time })} {t(hasTyped ? "lost.kept" : "lost.go_on")}
      </p>
      {/* Space for what may come to stand here, so that the form below stays where it is. */}
      {!isGoneForGood && (
        <div role="status" className="min-h-11 content-center">
          {same && <SameTime lost={lost} same={same} time={time} onChoose={onChoose} />}
        </div>
      )}
      <div className="min-h-[7.75rem] tablet:min-h-[4.5rem]">
        <NearTimes
          title={t("lost.near")}
          none={t("lost.none")}
          from={lost.slot}
          slots={isGoneForGood && same?.state === "free" ? [...near, lost.slot] : near}
          live={slots}
          timeZone={timeZone}
          onChoose={(slot) => onChoose(slot, false)}
        />
      </div>
    </section>
  );
}

/** The first list that has anything: buttons must not change under the finger. */
function useKept(near: SlotRange[]): SlotRange[] {
  const [kept, setKept] = useState(near);
  if (kept.length > 0 || near.length === 0) return kept;
  setKept(near);
  return near;
}

/** The server's own list where it gave one, without what has gone since; both kinds are in order of time. */
function nearOf({ reason, slot, alternatives }: Lost, slots: Slot[]): SlotRange[] {
  const gone = new Set(slots.filter(({ state }) => state !== "free").map(({ start }) => start));
  const given = alternatives.filter(({ start }) => !gone.has(start));
  if (given.length > 0) return given;
  // The server would refuse what overlaps a time that has just run out.
  const open = reason === "deadline" ? slots.filter((other) => !overlap(other, slot)) : slots;
  return nearestFree(open, slot.start, NEAR);
}

interface SameTimeProps extends Pick<LostCardProps, "lost" | "onChoose"> {
  same: Slot;
  time: string;
}

function SameTime({ lost, same, time, onChoose }: SameTimeProps) {
  const { t } = useI18n();
  const now = useNow();
  const [freeAgainAt] = useState(() => serverClock.now() + (lost.retryAfterSeconds ?? 0) * 1000);
  const seconds = Math.ceil((freeAgainAt - now) / 1000);
  if (lost.retryAfterSeconds !== null && seconds > 0) {
    return (
      <p aria-live="off" className="text-small text-soft">
        {t("lost.again_in", { seconds })}
      </p>
    );
  }
  const isHeld = same.state === "held";
  return (
    <div>
      <Button onClick={() => onChoose(lost.slot, isHeld)}>
        {t(isHeld ? "lost.wait" : "lost.same", { time })}
      </Button>
    </div>
  );
}
