// Says which time is held for the visitor and how long, and lets them keep it longer.
import { type RefObject, useState } from "react";
import { Button } from "@/components/ui/button";
import { useSpeech } from "@/lib/language";
import { countdown, useTimeFormat } from "@/lib/time-format";
import { serverClock } from "@/lib/server-clock";
import type { Holding } from "./booking-machine";
import { ENDING_MS, LeaseLine, useTimeLeft } from "./countdown";

export interface HoldBarProps {
  held: Holding;
  timeZone: string;
  onExtend: () => Promise<boolean>;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function HoldBar({ held, timeZone, onExtend, headingRef }: HoldBarProps) {
  const { t } = useSpeech();
  const write = useTimeFormat(timeZone);
  const left = useTimeLeft(held.grant?.deadline ?? Infinity);
  const isEnding = left <= ENDING_MS;
  const look = isEnding ? "border-amber bg-amber-wash" : "border-sea-line bg-sea-wash";
  return (
    <section
      className={`signature relative overflow-hidden rounded-bar border px-4 pt-4 pb-5 tablet:px-5 ${look}`}
    >
      <div className="flex items-center justify-between gap-4">
        <div className="flex min-w-0 flex-col gap-0.5">
          <h2
            ref={headingRef}
            tabIndex={-1}
            className="text-lead font-semibold outline-none"
            data-testid="hold-heading"
          >
            {t("hold.held", {
              date: write.day(held.slot.start),
              from: write.time(held.slot.start),
              to: write.time(held.slot.end),
            })}
          </h2>
          <HoldNews held={held} />
          <HowItCame held={held} time={write.time(held.slot.start)} />
        </div>
        <p
          role="timer"
          aria-live="off"
          aria-label={held.grant ? t("hold.left", { time: countdown(left) }) : undefined}
          className={`min-w-[3.5ch] text-end text-heading font-medium ${isEnding ? "text-amber-ink" : "text-sea-deep"}`}
        >
          {held.grant && countdown(left)}
        </p>
      </div>
      {isEnding && <KeepLonger extended={held.grant?.extended ?? false} onExtend={onExtend} />}
      <LeaseLine grant={held.grant} />
    </section>
  );
}

function HoldNews({ held }: { held: Holding }) {
  const { t } = useSpeech();
  if (!held.reachable && held.grant) {
    const isUncertain = held.grant.expiresAt < serverClock.now();
    return (
      <p className="text-small text-amber-ink">
        {t(isUncertain ? "hold.uncertain" : "hold.unreachable")}
      </p>
    );
  }
  const waiting = held.grant?.waiting ?? 0;
  return (
    <p className="text-small text-soft">
      {t("hold.only_you")}{" "}
      {waiting > 0 &&
        t(waiting === 1 ? "hold.waiting.one" : "hold.waiting.other", { count: waiting })}
    </p>
  );
}

/** A hold that came in an unusual way says so, as part of the same bar. */
function HowItCame({ held, time }: { held: Holding; time: string }) {
  const { t } = useSpeech();
  if (held.how === "chosen" || !held.reachable) return null;
  return (
    <p
      className={`pt-1 text-body font-medium ${held.how === "promoted" ? "text-sea-deep" : "text-amber-ink"}`}
    >
      {held.how === "promoted" ? t("hold.promoted", { time }) : t("hold.regained")}
    </p>
  );
}

function KeepLonger({
  extended,
  onExtend,
}: {
  extended: boolean;
  onExtend: () => Promise<boolean>;
}) {
  const { t } = useSpeech();
  const [hasFailed, setFailed] = useState(false);
  if (extended) return null;
  return (
    <div className="mt-3 flex items-center gap-4">
      <Button onClick={() => void onExtend().then((done) => setFailed(!done))}>
        {t("hold.extend")}
      </Button>
      <p role="status" className="text-small">
        {hasFailed && t("hold.not_extended")}
      </p>
    </div>
  );
}
