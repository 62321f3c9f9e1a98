// A short row of free times near one that cannot be had.
import { useId } from "react";
import type { SlotRange } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useTimeFormat } from "@/lib/time-format";

export interface NearTimesProps {
  title: string;
  none: string;
  /** The time they are near to; other days are named. */
  from: SlotRange;
  slots: SlotRange[];
  timeZone: string;
  onChoose: (slot: SlotRange) => void;
}

export function NearTimes({ title, none, from, slots, timeZone, onChoose }: NearTimesProps) {
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
            <Button onClick={() => onChoose(slot)}>{nameOf(slot)}</Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
