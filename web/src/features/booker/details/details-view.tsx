// The held time on top, and below it whatever is needed to make it a booking.
import type { ReactNode, RefObject } from "react";
import type { Slot, SlotRange } from "@/api/types";
import type { Holding, InFlight, Lost } from "../state/booking-state";
import { HoldBar } from "../hold/hold-bar";
import { LostCard } from "./lost-card";

export interface DetailsViewProps {
  state: Holding | InFlight | Lost;
  slots: Slot[];
  timeZone: string;
  hasTyped: boolean;
  onChoose: (slot: SlotRange, held: boolean) => void;
  onExtend: () => Promise<boolean>;
  headingRef: RefObject<HTMLHeadingElement | null>;
  children: ReactNode;
}

export function DetailsView(props: DetailsViewProps) {
  const { state, timeZone, headingRef } = props;
  const held = state.step === "booking" ? state.held : state;
  return (
    <div className="flex flex-col gap-6 px-5 py-6 tablet:px-7 desk:max-w-[46rem] desk:py-8">
      {held.step === "lost" ? (
        <LostCard
          key={`${held.slot.start} ${held.reason}`}
          lost={held}
          slots={props.slots}
          timeZone={timeZone}
          hasTyped={props.hasTyped}
          onChoose={props.onChoose}
          headingRef={headingRef}
        />
      ) : (
        <HoldBar
          held={held}
          timeZone={timeZone}
          onExtend={props.onExtend}
          headingRef={headingRef}
        />
      )}
      {props.children}
    </div>
  );
}
