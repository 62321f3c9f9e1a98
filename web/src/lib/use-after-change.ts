// Acts on what a change has brought; what is there from the first is left alone.
import { useEffect, useEffectEvent, useRef } from "react";

/** Mostly leads the focus: whatever was used last may be gone. */
export function useAfterChange(step: unknown, act: () => void): void {
  const seen = useRef(step);
  const run = useEffectEvent(act);

  // Synchronizes the browser, its focus and its scroll, with what the page has come to show.
  useEffect(() => {
    if (seen.current === step) return;
    seen.current = step;
    run();
  }, [step]);
}
