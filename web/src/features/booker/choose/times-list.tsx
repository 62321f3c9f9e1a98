// The times of one day as they were listed when it was opened; what has become free since comes in when it is asked for.
import { type MouseEvent, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Slot } from "@/api/types";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import { setAside } from "./slot-days";
import type { SlotMark } from "./slot-mark";
import { TimeSlotButton } from "./time-slot-button";

export interface TimesListProps {
  slots: Slot[];
  timeZone: string;
  markOf: (slot: Slot) => SlotMark;
  onChoose: (slot: Slot, event: MouseEvent<HTMLButtonElement>) => void;
}

const startsOf = (slots: Slot[]) => slots.map(({ start }) => start);

export function TimesList({ slots, timeZone, markOf, onChoose }: TimesListProps) {
  const write = useTimeFormat(timeZone);
  const list = useRef<HTMLUListElement>(null);
  const [listed, setListed] = useState<ReadonlySet<string>>(() => new Set(startsOf(slots)));
  const { shown, aside } = useMemo(() => setAside(slots, listed), [slots, listed]);
  const labels = useMemo(() => shown.map(({ start }) => write.time(start)), [shown, write]);
  const takeIn = () => {
    const next = new Set([...listed, ...startsOf(aside)]);
    const first = setAside(slots, next).shown.findIndex(({ start }) => !listed.has(start));
    flushSync(() => setListed(next));
    // The button is gone now; who used it is led to what it has shown.
    list.current?.children[first]?.querySelector("button")?.focus();
  };
  return (
    <div>
      <FreedTimes count={aside.length} onShow={takeIn} />
      <ul ref={list} className="flex flex-col gap-2">
        {shown.map((slot, index) => (
          <li key={slot.start}>
            <TimeSlotButton
              label={labels[index] ?? ""}
              mark={markOf(slot)}
              onChoose={(event) => onChoose(slot, event)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Says that more is free, in a line that is always there, so that what is below it stays where it is. */
function FreedTimes({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useI18n();
  return (
    <p role="status" className="h-8">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          className="min-h-7 text-small font-medium whitespace-nowrap text-accent-deep underline underline-offset-4 hover:text-ink"
        >
          {t(count > 1 ? "times.freed.other" : "times.freed.one", { count })}
        </button>
      )}
    </p>
  );
}
