// What is done beside the offer: choosing, waiting, filling in the form, or going on after a loss.
import type { ReactNode, RefObject } from "react";
import type { SlotRange } from "@/api/types";
import { transitionFrom, withTransition } from "@/lib/view-transition";
import { ChooseView } from "./choose/choose-view";
import { NoTimes } from "./choose/no-times";
import type { Month } from "./choose/use-month";
import { DetailsView } from "./details/details-view";
import { sceneOf } from "./scene";
import type { BookerEvent } from "./state/booking-machine";
import type { BookerState, Holding, InFlight, Lost } from "./state/booking-state";
import type { Offer, Viewing } from "./state/offer";

export interface ScenePaneProps extends Viewing {
  offer: Offer;
  month: Month;
  state: BookerState<unknown>;
  dispatch: (event: BookerEvent<never>) => void;
  onExtend: () => Promise<boolean>;
  hasTyped: boolean;
  details: (state: Holding | InFlight | Lost) => ReactNode;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

/** Each scene has elements of its own, so that none is seen to jump from one to the next. */
export function ScenePane(props: ScenePaneProps) {
  const { month, state, dispatch } = props;
  const scene = sceneOf(state);
  const choose = (slot: SlotRange, held: boolean, from?: HTMLElement) => {
    if (!held && from) transitionFrom(from);
    withTransition(() => dispatch({ type: "choose", slot, held }));
  };
  if (hasDetails(state)) {
    return (
      <DetailsView
        key={scene}
        state={state}
        slots={month.slots ?? []}
        timeZone={props.view.timeZone}
        hasTyped={props.hasTyped}
        onChoose={choose}
        onExtend={props.onExtend}
        headingRef={props.headingRef}
      >
        {props.details(state)}
      </DetailsView>
    );
  }
  if (month.slots === null && month.error) {
    return <NoTimes error={month.error} onRetry={() => void month.refetch()} />;
  }
  return (
    <ChooseView
      key={scene}
      {...props}
      onChoose={choose}
      onReturn={() => withTransition(() => dispatch({ type: "look", looking: false }))}
      onRelease={() => withTransition(() => dispatch({ type: "release" }))}
    />
  );
}

/** Whoever looks at other times meanwhile is choosing. */
function hasDetails(state: BookerState<unknown>): state is Holding | InFlight | Lost {
  const scene = sceneOf(state);
  return scene === "details" || scene === "lost";
}
