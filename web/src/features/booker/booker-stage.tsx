// The steps of choosing and holding a time, whatever the time is wanted for.
import { type ReactNode, useRef } from "react";
import type { SlotRange } from "@/api/types";
import { BackIcon } from "@/components/ui/icons";
import { PageFrame } from "@/components/ui/page-frame";
import { useI18n } from "@/lib/i18n";
import { useAfterChange } from "@/lib/use-after-change";
import { transitionFrom, withTransition } from "@/lib/view-transition";
import { Announcer } from "./announcer";
import type { BookerState, Holding, InFlight, Lost } from "./state/booking-state";
import { ChooseView } from "./choose/choose-view";
import { DetailsView } from "./details/details-view";
import { NoTimes } from "./choose/no-times";
import { StageNote } from "./stage-note";
import type { Offer, Viewing } from "./state/offer";
import type { BookerControl } from "./use-booker";
import { useKeptDay } from "./choose/use-kept-day";
import { useMonth } from "./choose/use-month";
import { useServedZone } from "./zone/use-served-zone";

export interface BookerStageProps<Done> extends Viewing {
  offer: Offer;
  organizationName: string | null;
  control: BookerControl<Done>;
  /** What is booked; beside some scenes a phone has no space for all of it. */
  aside: (scene: Scene) => ReactNode;
  /** Whether anything has been typed that a loss could take away. */
  hasTyped: boolean;
  details: (state: Holding | InFlight | Lost) => ReactNode;
  done: (result: Done) => ReactNode;
  /** The same in a few words, said aloud. */
  doneAnnouncement: (result: Done) => string;
}

export type Scene = "choose" | "line" | "details" | "lost" | "done";

function sceneOf(state: BookerState<unknown>): Scene {
  switch (state.step) {
    case "browsing":
      return "choose";
    case "waiting":
      return "line";
    case "holding":
      return state.looking ? "choose" : "details";
    case "booking":
      return "details";
    case "booked":
      return "done";
    case "lost":
      return "lost";
  }
}

export function BookerStage<Done>(props: BookerStageProps<Done>) {
  const { offer, view, control } = props;
  const { state, dispatch } = control;
  const looking = useKeptDay(useMonth(offer, view), props);
  const { month } = looking;
  useServedZone(month.error, props);
  const scene = sceneOf(state);
  const isWide = scene === "choose" || scene === "line";
  const headingRef = useRef<HTMLHeadingElement>(null);
  // Nobody is left where the last scene was.
  useAfterChange(scene, () => {
    headingRef.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
  // Whoever lets a time go stays where one chooses.
  useAfterChange(state.step === "holding" && state.looking, () =>
    headingRef.current?.focus({ preventScroll: true }),
  );
  const choose = (slot: SlotRange, held: boolean, from?: HTMLElement) => {
    if (!held && from) transitionFrom(from);
    withTransition(() => dispatch({ type: "choose", slot, held }));
  };
  const look = (looking: boolean) => withTransition(() => dispatch({ type: "look", looking }));

  return (
    <PageFrame
      name={props.organizationName}
      width="wide"
      action={backFrom(scene, state) && <BackToTimes control={control} />}
    >
      <Announcer
        state={state}
        title={
          props.organizationName === null
            ? offer.title
            : `${offer.title} · ${props.organizationName}`
        }
        timeZone={view.timeZone}
        done={state.step === "booked" ? props.doneAnnouncement(state.result) : ""}
      />
      <StageNote state={state} timeZone={view.timeZone} isReconnecting={month.isReconnecting} />
      {state.step === "booked" ? (
        props.done(state.result)
      ) : (
        <div className="desk:grid desk:min-h-[40rem] desk:grid-cols-[17.5rem_1fr]">
          <div className="border-hairline px-5 pt-6 tablet:px-7 desk:border-e desk:py-8">
            <div className="desk:sticky desk:top-8">{props.aside(scene)}</div>
          </div>
          {/* Each scene has elements of its own, so that none is seen to jump from one to the next. */}
          {!isWide && state.step !== "browsing" && state.step !== "waiting" ? (
            <DetailsView
              key={scene}
              state={state}
              slots={month.slots ?? []}
              timeZone={view.timeZone}
              hasTyped={props.hasTyped}
              onChoose={choose}
              onExtend={control.extend}
              headingRef={headingRef}
            >
              {props.details(state)}
            </DetailsView>
          ) : month.slots === null && month.error ? (
            <NoTimes error={month.error} onRetry={() => void month.refetch()} />
          ) : (
            <ChooseView
              key={scene}
              {...props}
              {...looking}
              state={state}
              onChoose={choose}
              onReturn={() => look(false)}
              onRelease={() => withTransition(() => dispatch({ type: "release" }))}
              headingRef={headingRef}
            />
          )}
        </div>
      )}
    </PageFrame>
  );
}

function backFrom(scene: Scene, state: BookerState<unknown>): boolean {
  return scene === "lost" || (scene === "details" && state.step === "holding");
}

/** From a hold one looks around and keeps it; from a loss there is nothing to keep. */
function BackToTimes<Done>({ control: { state, dispatch } }: { control: BookerControl<Done> }) {
  const { t } = useI18n();
  const back = () =>
    dispatch(state.step === "holding" ? { type: "look", looking: true } : { type: "release" });
  return (
    <button
      type="button"
      onClick={() => withTransition(back)}
      className="inline-flex min-h-8 items-center gap-1 whitespace-nowrap text-soft hover:text-ink"
    >
      <BackIcon />
      {t("hold.other_times")}
    </button>
  );
}
