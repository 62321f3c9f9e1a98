// Leads the focus to the heading of what has come to be shown.
import { type RefObject, useRef } from "react";
import { useAfterChange } from "@/lib/use-after-change";
import type { Scene } from "./scene";
import type { BookerState } from "./state/booking-state";

/** For the heading of whatever is shown. */
export function useSceneFocus(
  scene: Scene,
  state: BookerState<unknown>,
): RefObject<HTMLHeadingElement | null> {
  const headingRef = useRef<HTMLHeadingElement>(null);
  const focus = () => headingRef.current?.focus({ preventScroll: true });
  // Nobody is left where the last scene was.
  useAfterChange(scene, () => {
    focus();
    scrollTo({ top: 0 });
  });
  // Whoever lets a time go stays where one chooses.
  useAfterChange(state.step === "holding" && state.looking, focus);
  return headingRef;
}
