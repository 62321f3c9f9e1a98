// Lets one thing on the page grow into another when the view changes, for those who like motion.
import { flushSync } from "react-dom";

/** Runs the update at once; where the browser can and motion is welcome, as a short transition. */
export function morph(update: () => void): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still || !("startViewTransition" in document)) {
    update();
    return;
  }
  const transition = document.startViewTransition(() => flushSync(update));
  // A transition that is skipped (a hidden tab, a second click) still made its update.
  transition.ready.catch(() => undefined);
}

/** Names what the next transition grows from; only one thing on a page may have the name. */
export function growFrom(element: HTMLElement): void {
  for (const named of document.querySelectorAll<HTMLElement>(".signature")) {
    named.style.viewTransitionName = "none";
  }
  element.style.viewTransitionName = "hold";
}
