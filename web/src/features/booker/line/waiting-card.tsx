// Says where in line the visitor is, and what happens next.
import type { RefObject } from "react";
import type { SlotRequest } from "@/api/presence";
import { Button } from "@/components/ui/button";
import { ReservedSpace } from "@/components/ui/reserved-space";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import type { Place, Waiting } from "../state/booking-state";
import { useSlotPresence } from "./use-slot-presence";

export interface WaitingCardProps {
  waiting: Waiting;
  request: SlotRequest;
  timeZone: string;
  onLeave: () => void;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

export function useLineTitle(waiting: Waiting, timeZone: string): string {
  const { t } = useI18n();
  const time = useTimeFormat(timeZone).time(waiting.slot.start);
  if (!waiting.place) return t("line.joining", { time });
  const { position } = waiting.place;
  return position === 1 ? t("line.next", { time }) : t("line.place", { time, position });
}

export function WaitingCard({ waiting, request, timeZone, onLeave, headingRef }: WaitingCardProps) {
  const { t } = useI18n();
  return (
    <section className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-bar border border-dashed border-accent-line bg-raised p-4 tablet:p-5 desk:flex-nowrap desk:py-3">
      <div className="flex min-w-0 grow flex-col gap-1">
        <h2
          ref={headingRef}
          tabIndex={-1}
          data-testid="line-heading"
          className="text-lead font-semibold outline-none"
        >
          {useLineTitle(waiting, timeZone)}
        </h2>
        <ReservedSpace texts={[t("hold.unreachable"), t("line.text")]} className="font-medium">
          {waiting.reachable ? (
            <p className="font-normal text-soft">
              {waiting.beaten && <>{t("line.beaten")} </>}
              {t("line.text")}
            </p>
          ) : (
            <p className="text-amber-ink">{t("hold.unreachable")}</p>
          )}
        </ReservedSpace>
      </div>
      <div className="flex min-h-8 shrink-0 items-center justify-between gap-6 max-desk:w-full">
        <div className="w-40">
          {waiting.place && <LinePicture request={request} place={waiting.place} />}
        </div>
        <Button weight="quiet" onClick={onLeave} className="ms-auto whitespace-nowrap">
          {t("line.leave")}
        </Button>
      </div>
    </section>
  );
}

/** Whoever is farther back sees the front of the line. */
const MOST_SHOWN = 5;

/** The line as a row of bars: who holds, who waits, and which one is the visitor. */
function LinePicture({ request, place }: { request: SlotRequest; place: Place }) {
  const { t } = useI18n();
  const { who: me, position, waiting } = place;
  const { present, myIndex } = useSlotPresence(request, me, `${position} of ${waiting}`);
  if (myIndex < 0) return null;
  return (
    <p className="flex gap-1.5">
      <span className="sr-only">
        {t("line.picture", { ahead: myIndex, behind: present.length - 1 - myIndex })}
      </span>
      {/* Places, not people: as the line moves up, each place shows who is there now. */}
      {present.slice(0, MOST_SHOWN).map(({ who, state }, place) => (
        <span
          key={place}
          aria-hidden="true"
          className={`h-1.5 w-6 rounded-full ${who === me ? "pulsing bg-accent" : state === "holding" ? "bg-soft" : "bg-hairline"}`}
        />
      ))}
    </p>
  );
}
