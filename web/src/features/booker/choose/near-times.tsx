// A short row of times near one that cannot be had; what goes meanwhile is struck out in its place.
import { useId } from "react";
import type { Slot, SlotRange } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import { stateIn } from "./slot-days";

export interface NearTimesProps {
  title: string;
  none: string;
  /** The time they are near to; other days are named. */
  from: SlotRange;
  slots: SlotRange[];
  /** What is known of the times now. */
  live: Slot[];
  timeZone: string;
  onChoose: (slot: SlotRange) => void;
}

export function NearTimes(props: NearTimesProps) {
  const { title, none, from, slots, live, timeZone, onChoose } = props;
  const write = useTimeFormat(timeZone);
  const id = useId();
  const day = write.day(from.start);
  const nameOf = (slot: SlotRange) => {
    const itsDay = write.day(slot.start);
    const time = write.time(slot.start);
    return itsDay === day ? time : `${itsDay}, ${time}`;
  };
  if (slots.length === 0) return <p className="text-small text-soft">{none}</p>;
  return (
    <div className="flex flex-col gap-2">
      <p id={id} className="text-small font-medium">
        {title}
      </p>
      <ul aria-labelledby={id} className="flex flex-wrap gap-2" data-testid="near-times">
        {slots.map((slot) => (
          <li key={slot.start}>
            <NearTime
              name={nameOf(slot)}
              state={stateIn(live, slot)}
              onChoose={() => onChoose(slot)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface NearTimeProps {
  name: string;
  state: Slot["state"];
  onChoose: () => void;
}

/** Not disabled for the browser, which would take the focus away from who is on it. */
function NearTime({ name, state, onChoose }: NearTimeProps) {
  const { t } = useI18n();
  if (state === "free") return <Button onClick={onChoose}>{name}</Button>;
  const isHeld = state === "held";
  return (
    <Button aria-disabled className={`line-through ${isHeld ? "hatched" : ""}`}>
      {name}
      <span className="sr-only">{t(isHeld ? "times.held" : "times.gone")}</span>
    </Button>
  );
}
