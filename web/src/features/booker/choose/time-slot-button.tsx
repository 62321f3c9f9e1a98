// One time that can be chosen: free, held by someone else, waited for, or one's own.
import { type KeyboardEvent, type MouseEvent, useId, useState } from "react";
import { LockIcon } from "@/components/ui/icons";
import { useI18n } from "@/lib/i18n";
import { Countdown } from "../hold/countdown";
import { countOfLeft, type SlotMark } from "./slot-mark";

export interface TimeSlotButtonProps {
  label: string;
  mark: SlotMark;
  onChoose: (event: MouseEvent<HTMLButtonElement>) => void;
}

const looks: Record<SlotMark["kind"], string> = {
  free: "border-hairline bg-raised hover:border-accent",
  held: "border-dashed border-hairline hatched text-soft hover:border-edge",
  gone: "border-transparent text-soft",
  waiting: "border-dashed border-accent hatched text-soft",
  mine: "border-accent bg-accent text-on-accent",
};

const shape =
  "flex min-h-12 w-full items-center justify-between gap-3 rounded-control border px-4 text-start";

export function TimeSlotButton({ label, mark, onChoose }: TimeSlotButtonProps) {
  const { t } = useI18n();
  const tip = useId();
  const [isTipHidden, setTipHidden] = useState(false);
  const isHeld = mark.kind === "held";
  const isGone = mark.kind === "gone";
  const dismiss = (event: KeyboardEvent) => {
    if (event.key === "Escape") setTipHidden(true);
  };
  return (
    <div
      className="group relative"
      onPointerEnter={() => setTipHidden(false)}
      onFocus={() => setTipHidden(false)}
      onKeyDown={isHeld ? dismiss : undefined}
      role="presentation"
    >
      <button
        type="button"
        data-state={mark.kind}
        onClick={isGone ? undefined : onChoose}
        // Not disabled for the browser, which would take the focus away from who is on it.
        aria-disabled={isGone || undefined}
        aria-describedby={isHeld ? tip : undefined}
        className={`${shape} transition-colors duration-200 ${looks[mark.kind]}`}
      >
        <span
          className={mark.kind === "free" || mark.kind === "mine" ? "font-medium" : "line-through"}
        >
          {label}
        </span>
        <MarkText key={wordOf(mark)} mark={mark} />
      </button>
      {isHeld && (
        <span
          id={tip}
          role="tooltip"
          className={`absolute inset-x-0 top-full z-10 mt-1 rounded-control bg-ink px-3 py-2 text-small text-paper opacity-0 transition-opacity duration-150 desk:inset-x-auto desk:end-full desk:top-1/2 desk:me-3 desk:mt-0 desk:w-52 desk:-translate-y-1/2 ${isTipHidden ? "invisible" : "invisible group-focus-within:visible group-focus-within:opacity-100 group-hover:visible group-hover:opacity-100"}`}
        >
          {t("times.held.tip")}
        </span>
      )}
    </div>
  );
}

/** What is written beside a time: other words are another element, which cannot be seen to jump. */
function wordOf(mark: SlotMark): string {
  switch (mark.kind) {
    case "free":
      return `free ${mark.left}`;
    case "waiting":
      return `waiting ${mark.position}`;
    default:
      return mark.kind;
  }
}

function MarkText({ mark }: { mark: SlotMark }) {
  const { t } = useI18n();
  const look = "flex items-center gap-1.5 text-small";
  switch (mark.kind) {
    case "free":
      return mark.left === null ? null : (
        <span className={`${look} text-soft`}>
          {mark.left === 1 ? t("times.last") : t("times.left", { count: countOfLeft(mark.left) })}
        </span>
      );
    case "held":
      return (
        <span className={look}>
          <LockIcon />
          {t("times.held")}
        </span>
      );
    case "waiting":
      return (
        <span className={`${look} text-accent-deep`}>
          {mark.position === 1 || mark.position === null
            ? t("times.next_in_line")
            : t("times.in_line", { position: mark.position })}
        </span>
      );
    case "gone":
      return <span className={look}>{t("times.gone")}</span>;
    case "mine":
      return mark.deadline === null ? null : (
        <span className={look}>
          {t("times.yours")} · <Countdown deadline={mark.deadline} />
        </span>
      );
  }
}
