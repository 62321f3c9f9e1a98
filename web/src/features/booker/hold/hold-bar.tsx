// Says which time is held for the visitor and how long, and lets them keep it longer.
import { type ReactNode, type RefObject, useState } from "react";
import { Button } from "@/components/ui/button";
import { ReservedSpace } from "@/components/ui/reserved-space";
import { useI18n } from "@/lib/i18n";
import { countdown, useTimeFormat } from "@/lib/time-format";
import { useIsSeen } from "@/lib/use-is-seen";
import { useNow } from "@/lib/use-now";
import type { Holding, HowHeld } from "../state/booking-state";
import { Digits, ENDING_MS, isRecent, LeaseLine, useTimeLeft } from "./countdown";
import { certaintyOf, useHeldText } from "./held-text";

export interface HoldBarProps {
  held: Holding;
  timeZone: string;
  onExtend: () => Promise<boolean>;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function HoldBar({ held, timeZone, onExtend, headingRef }: HoldBarProps) {
  const { t } = useI18n();
  const write = useTimeFormat(timeZone);
  const { grant } = held;
  const now = useNow();
  const left = useTimeLeft(grant?.deadline ?? Infinity);
  const isEnding = left <= ENDING_MS || !held.reachable || held.lapsed !== null;
  const isSeen = useIsSeen(headingRef);
  const { certainty, text, texts } = useHeldText(held, timeZone);
  const keepLonger = useKeepLonger(onExtend, headingRef);
  const look = isEnding ? "border-amber bg-amber-wash" : "border-accent-line bg-accent-wash";
  return (
    <section
      className={`hold-transition relative overflow-hidden rounded-bar border px-4 pt-4 pb-5 transition-colors duration-200 tablet:px-5 ${look}`}
    >
      <div className="flex items-center justify-between gap-4">
        <div className="flex min-w-0 grow flex-col gap-1">
          <ReservedSpace texts={texts} className="text-lead font-semibold">
            <h2 ref={headingRef} tabIndex={-1} className="outline-none" data-testid="hold-heading">
              {text}
            </h2>
          </ReservedSpace>
          <HoldStatus
            held={held}
            left={left}
            time={write.time(held.slot.start)}
            onExtend={keepLonger}
          />
        </div>
        <div
          className={`shrink-0 max-tablet:hidden ${isOfferedLonger(held, left, now) ? "" : "invisible"}`}
        >
          <KeepLonger onExtend={keepLonger} />
        </div>
        <p
          role="timer"
          aria-live="off"
          aria-label={grant ? t("hold.left", { time: countdown(left) }) : undefined}
          className={`min-w-[4.6ch] text-end text-heading font-medium ${isEnding ? "text-amber-ink" : "text-accent-deep"}`}
        >
          {grant && certainty === "held" && <Digits milliseconds={left} />}
        </p>
      </div>
      <LeaseLine grant={grant} />
      {certainty === "held" && left <= ENDING_MS && !isSeen && (
        <EndingNote left={left}>
          {isOfferedLonger(held, left, now) && <KeepLonger onExtend={keepLonger} />}
        </EndingNote>
      )}
    </section>
  );
}

/** Keeps it longer, and leads the focus on from the button, which goes. */
function useKeepLonger(
  onExtend: HoldBarProps["onExtend"],
  headingRef: HoldBarProps["headingRef"],
): () => Promise<boolean> {
  return async () => {
    const isKept = await onExtend();
    // Whoever is still on the button is led to the heading; whoever has gone on is left alone.
    const { activeElement, body } = document;
    const bar = headingRef.current?.closest("section");
    if (isKept && (activeElement === body || bar?.contains(activeElement))) {
      headingRef.current?.focus({ preventScroll: true });
    }
    return isKept;
  };
}

/** Over a form that is longer than the screen: nobody may run out of time without seeing it. */
function EndingNote({ left, children }: { left: number; children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div className="pointer-events-none fixed inset-x-0 top-3 z-20 flex justify-center px-4">
      <div className="pointer-events-auto flex items-center gap-3 rounded-bar border border-amber bg-amber-wash px-4 py-1.5 text-small font-medium text-amber-ink">
        {t("hold.left", { time: countdown(left) })}
        {children}
      </div>
    </div>
  );
}

type Status =
  | Exclude<HowHeld, "chosen">
  | "asking"
  | "usual"
  | "ending"
  | "lapsed"
  | "unreachable"
  | "uncertain";

/** How it came, for as long as that is news. */
function recentChange(held: Holding, now: number): Exclude<HowHeld, "chosen"> | null {
  return held.how !== "chosen" && isRecent(held, now) ? held.how : null;
}

/** Once, and only near the end. */
function isOfferedLonger(held: Holding, left: number, now: number): boolean {
  const { grant, reachable, lapsed } = held;
  if (grant === null || grant.extended || !reachable || lapsed) return false;
  return left > 0 && left <= ENDING_MS && recentChange(held, now) === null;
}

function statusOf(held: Holding, left: number, now: number): Status {
  if (held.lapsed) return "lapsed";
  if (!held.reachable) return certaintyOf(held, now) === "was_held" ? "uncertain" : "unreachable";
  if (!held.grant) return "asking";
  return recentChange(held, now) ?? (left <= ENDING_MS ? "ending" : "usual");
}

interface HoldStatusProps extends Pick<HoldBarProps, "held" | "onExtend"> {
  left: number;
  time: string;
}

/** What is news about the hold, in a space that is reserved for all of it, so that none moves the form. */
function HoldStatus({ held, left, time, onExtend }: HoldStatusProps) {
  const { t } = useI18n();
  const now = useNow();
  const status = statusOf(held, left, now);
  const count = held.grant?.waiting ?? 0;
  const isOffered = isOfferedLonger(held, left, now);
  const waiting = t(count > 1 ? "hold.waiting.other" : "hold.waiting.one", { count });
  const withLine = (text: string) => (count > 0 ? `${text} ${waiting}` : text);
  const texts: Record<Status, string> = {
    asking: t("hold.asking.text"),
    usual: withLine(t("hold.only_you")),
    promoted: withLine(t("hold.promoted", { time })),
    regained: t("hold.regained"),
    back: withLine(t("hold.back", { time })),
    again: withLine(t("hold.again", { time })),
    ending: t(isOffered ? "hold.may_extend" : "hold.last"),
    lapsed: t("hold.lapsed"),
    unreachable: t("hold.unreachable"),
    uncertain: t("hold.uncertain"),
  };
  const most = `${t("hold.only_you")} ${waiting}`;
  return (
    <ReservedSpace
      texts={[...Object.values(texts), most, t("hold.last"), t("hold.may_extend")]}
      className="text-small font-medium max-tablet:min-h-9"
    >
      {isOffered && (
        <div className="tablet:hidden">
          <KeepLonger onExtend={onExtend} />
        </div>
      )}
      {/* Other words are another element, which cannot be seen to jump. */}
      <p key={texts[status]} className={`${tones[status]} ${isOffered ? "max-tablet:hidden" : ""}`}>
        {texts[status]}
      </p>
    </ReservedSpace>
  );
}

const alarm = "font-medium text-amber-ink";
const joy = "font-medium text-accent-deep";
const calm = "font-normal text-soft";
const tones: Record<Status, string> = {
  ...{ asking: calm, usual: calm, promoted: joy, back: joy, again: joy },
  ...{ regained: alarm, ending: alarm, lapsed: alarm, unreachable: alarm, uncertain: alarm },
};

function KeepLonger({ onExtend }: Pick<HoldBarProps, "onExtend">) {
  const { t } = useI18n();
  const [hasFailed, setFailed] = useState(false);
  return (
    <>
      <Button small onClick={() => void onExtend().then((done) => setFailed(!done))}>
        {t("hold.extend")}
      </Button>
      <p role="status" className="text-small empty:hidden">
        {hasFailed && t("hold.not_extended")}
      </p>
    </>
  );
}
