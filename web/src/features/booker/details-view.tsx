// The held time on top, and below it whatever is needed to make it a booking.
import type { ReactNode, RefObject } from "react";
import type { Slot, SlotRange } from "@/api/types";
import type { Holding, InFlight, Lost } from "./booking-machine";
import { HoldBar } from "./hold-bar";
import { LostCard } from "./lost-card";

export interface DetailsViewProps {
  title: string;
  state: Holding | InFlight | Lost;
  slots: Slot[];
  timeZone: string;
  onChoose: (slot: SlotRange, held: boolean) => void;
  onExtend: () => Promise<boolean>;
  headingRef: RefObject<HTMLHeadingElement | null>;
  children: ReactNode;
}

export function DetailsView(props: DetailsViewProps) {
  const { state, timeZone, headingRef } = props;
  const held = state.step === "booking" ? state.held : state;
  return (
    <div className="flex flex-col gap-6 px-5 py-6 tablet:px-7 tablet:py-8">
      <h1 className="font-serif text-title">{props.title}</h1>
      {held.step === "lost" ? (
        <LostCard
          key={`${held.slot.start} ${held.reason}`}
          lost={held}
          slots={props.slots}
          timeZone={timeZone}
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
