// Lets one thing on the page grow into another when the view changes, for those who like motion.
import { flushSync } from "react-dom";

/** What a browser may have; it is asked for, since many that the pages are meant for have none. */
interface Transitions {
  startViewTransition?: (update: () => void) => { ready: Promise<unknown> };
}

/** Runs the update at once; where the browser can and motion is welcome, as a short transition. */
export function withTransition(update: () => void): void {
  const browser: Transitions = document;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still || !browser.startViewTransition) {
    update();
    return;
  }
  const transition = browser.startViewTransition(() => flushSync(update));
  // A transition that is skipped (a hidden tab, a second click) still made its update.
  transition.ready.catch(() => undefined);
}

/** Names what the next transition grows from; only one thing on a page may have the name. */
export function transitionFrom(element: HTMLElement): void {
  for (const named of document.querySelectorAll<HTMLElement>(".hold-transition")) {
    named.style.viewTransitionName = "none";
  }
  element.style.viewTransitionName = "hold";
}
