// The time a hold has left, as digits and as a line that runs down, and what follows from it.
import { useNow } from "@/lib/use-now";
import { countdown } from "@/lib/time-format";
import { FRESH_MS } from "../state/booking-machine";
import type { Grant, Holding } from "../state/booking-state";

/** From then on the visitor is warned and may keep the time longer. */
export const ENDING_MS = 120_000;

export function useTimeLeft(deadline: number): number {
  return Math.max(0, deadline - useNow());
}

/** Whether it is news that it is held. */
export function isRecent({ since, grant }: Holding, now: number): boolean {
  return grant !== null && now - since < FRESH_MS;
}

/** Without a word from the server, the lease may have run out by now. */
export function isUncertain(grant: Grant, now: number): boolean {
  return grant.expiresAt < now;
}

/** With a digit less it is another element, so that none is seen to move. */
export function Digits({ milliseconds }: { milliseconds: number }) {
  const text = countdown(milliseconds);
  return <span key={text.length}>{text}</span>;
}

/** Within a line: the space that "10:00" needs lies after the digits, where it is no gap. */
export function Countdown({ deadline }: { deadline: number }) {
  return (
    <span className="inline-block min-w-[4.6ch] text-start">
      <Digits milliseconds={useTimeLeft(deadline)} />
    </span>
  );
}

export function LeaseLine({ grant }: { grant: Grant | null }) {
  const left = useTimeLeft(grant?.deadline ?? Infinity);
  const whole = grant ? grant.deadline - grant.grantedAt : 1;
  const share = grant ? Math.min(1, left / whole) : 1;
  const tone = left <= ENDING_MS ? "bg-amber" : "bg-accent";
  return (
    <span
      aria-hidden="true"
      className={`absolute inset-x-0 bottom-0 h-[3px] origin-left rtl:origin-right motion-ok:transition-transform motion-ok:duration-1000 motion-ok:ease-linear ${tone}`}
      style={{ transform: `scaleX(${share.toFixed(4)})` }}
    />
  );
}
