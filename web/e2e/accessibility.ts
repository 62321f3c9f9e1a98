// What axe finds on a page, looked at while nothing fades: text that is half there has no contrast of its own.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What passes is kept where it is fully seen (half of its time), what goes on for ever where it begins. */
function holdAnimations(): void {
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSAnimation) {
      const { activeDuration } = animation.effect?.getComputedTiming() ?? {};
      animation.pause();
      animation.currentTime = Number.isFinite(activeDuration) ? Number(activeDuration) / 2 : 0;
    } else {
      animation.finish();
    }
  }
}

function goOn(): void {
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSAnimation) animation.play();
  }
}

export async function violationsOn(page: Page) {
  await page.evaluate(holdAnimations);
  const { violations } = await new AxeBuilder({ page }).analyze();
  await page.evaluate(goOn);
  return violations;
}
