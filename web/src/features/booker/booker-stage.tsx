// The steps of choosing and holding a time, whatever the time is wanted for.
import type { ReactNode } from "react";
import { BackIcon } from "@/components/ui/icons";
import { PageFrame } from "@/components/ui/page-frame";
import { useI18n } from "@/lib/i18n";
import { withTransition } from "@/lib/view-transition";
import { Announcer } from "./announcer";
import { useKeptDay } from "./choose/use-kept-day";
import { useMonth } from "./choose/use-month";
import { type Scene, sceneOf } from "./scene";
import { ScenePane } from "./scene-pane";
import { StageNote } from "./stage-note";
import type { BookerState, Holding, InFlight, Lost } from "./state/booking-state";
import type { Offer, Viewing } from "./state/offer";
import type { BookerControl } from "./use-booker";
import { useSceneFocus } from "./use-scene-focus";
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

export function BookerStage<Done>(props: BookerStageProps<Done>) {
  const { offer, organizationName, view, control } = props;
  const { state, dispatch } = control;
  const looking = useKeptDay(useMonth(offer, view), props);
  const { month } = looking;
  useServedZone(month.error, props);
  const scene = sceneOf(state);
  const headingRef = useSceneFocus(scene, state);

  return (
    <PageFrame
      name={organizationName}
      width="wide"
      action={backFrom(scene, state) && <BackToTimes control={control} />}
    >
      <Announcer
        state={state}
        title={organizationName === null ? offer.title : `${offer.title} · ${organizationName}`}
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
          <ScenePane
            {...props}
            {...looking}
            {...{ state, dispatch, headingRef }}
            onExtend={control.extend}
          />
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
