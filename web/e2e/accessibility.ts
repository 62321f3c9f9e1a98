// What axe finds on a page, looked at while nothing fades: text that is half there has no contrast of its own.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What passes is kept where it is fully seen (half of its time), what goes on for ever where it begins. */
async function pauseAnimations(): Promise<void> {
  const isOfView = ({ effect }: Animation) =>
    effect instanceof KeyframeEffect && effect.pseudoElement?.startsWith("::view-transition");
  const all = document.getAnimations();
  await Promise.allSettled(all.filter(isOfView).map(({ finished }) => finished));
  for (const animation of all.filter((animation) => !isOfView(animation))) {
    const { activeDuration } = animation.effect?.getComputedTiming() ?? {};
    if (animation instanceof CSSTransition) {
      animation.finish();
    } else {
      animation.pause();
      animation.currentTime = Number.isFinite(activeDuration) ? Number(activeDuration) / 2 : 0;
    }
  }
}

function resumeAnimations(): void {
  for (const animation of document.getAnimations()) animation.play();
}

export async function violationsOn(page: Page) {
  await page.evaluate(pauseAnimations);
  const { violations } = await new AxeBuilder({ page }).analyze();
  await page.evaluate(resumeAnimations);
  return violations;
}
