// The time a hold has left, as digits and as a line that runs down.
import { useNow } from "@/lib/use-now";
import { countdown } from "@/lib/time-format";
import type { Grant } from "./booking-machine";

/** From then on the visitor is warned and may keep the time longer. */
export const ENDING_MS = 120_000;

export function useTimeLeft(deadline: number): number {
  return Math.max(0, deadline - useNow());
}

export function Countdown({ deadline }: { deadline: number }) {
  return <>{countdown(useTimeLeft(deadline))}</>;
}

export function LeaseLine({ grant }: { grant: Grant | null }) {
  const left = useTimeLeft(grant?.deadline ?? Infinity);
  const whole = grant ? grant.deadline - grant.grantedAt : 1;
  const share = grant ? Math.min(1, left / whole) : 1;
  const tone = left <= ENDING_MS ? "bg-amber" : "bg-sea";
  return (
    <span
      aria-hidden="true"
      className={`absolute inset-x-0 bottom-0 h-[3px] origin-left rtl:origin-right motion-ok:transition-transform motion-ok:duration-1000 motion-ok:ease-linear ${tone}`}
      style={{ transform: `scaleX(${share.toFixed(4)})` }}
    />
  );
}
