// Written from right to left, the pages are mirrored: nothing sticks out, and what points forwards points to the left.
import type { Page } from "@playwright/test";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  freeTimes,
  labelOf,
  mostFreeDay,
  takeFirst,
  timeButton,
} from "./studio";
import { expect, type Invite, test } from "./visitors";

const viewports = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 360, height: 780 },
};

async function fromRightToLeft(invite: Invite, viewport: { width: number; height: number }) {
  const page = await invite({ viewport, reducedMotion: "reduce" });
  await page.addInitScript(() => {
    // As early as a server would say it, before anything is painted.
    new MutationObserver((_, observer) => {
      observer.disconnect();
      document.documentElement.dir = "rtl";
    }).observe(document, { childList: true });
  });
  return page;
}

/** What can be seen and reaches beyond the window, on either side. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("#root *")].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < -1 || right > wide + 1) && element.checkVisibility();
    });
    return out.map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Arrows that point as they do from left to right, by what they are drawn with. */
function unmirrored(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const arrows = ["M9.5 3.5 5 8l4.5 4.5", "M6.5 3.5 11 8l-4.5 4.5"];
    const paths = [...document.querySelectorAll("svg path")];
    const found = paths.filter((path) => arrows.includes(path.getAttribute("d") ?? ""));
    const points = (path: Element) =>
      new DOMMatrix(
        getComputedStyle(path).scale === "none"
          ? getComputedStyle(path).transform
          : `scale(${getComputedStyle(path).scale.replace(" ", ",")})`,
      ).a;
    return found.filter((path) => points(path) !== -1).map((path) => path.outerHTML);
  });
}

async function inspect(page: Page, state: string): Promise<void> {
  expect(await page.evaluate(() => getComputedStyle(document.body).direction)).toBe("rtl");
  expect(await sticksOut(page), `what sticks out of ${state}`).toEqual([]);
  expect(await unmirrored(page), `arrows of ${state}`).toEqual([]);
  const scroll = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(scroll, `sideways scrolling of ${state}`).toBeLessThanOrEqual(0);
}

for (const [device, viewport] of Object.entries(viewports)) {
  test(`everything is mirrored and nothing sticks out, ${device}`, async ({ invite, request }) => {
    const { path, eventType } = await mostFreeDay(request);
    const [ada, bob] = [
      await fromRightToLeft(invite, viewport),
      await fromRightToLeft(invite, viewport),
    ];
    await ada.goto("/");
    await ada.getByRole("link", { name: eventType.title }).waitFor();
    await inspect(ada, "the landing page");

    await ada.goto(path);
    await freeTimes(ada).first().waitFor();
    await inspect(ada, "choosing");
    const before = await ada.locator('button[slot="previous"]').first().boundingBox();
    const after = await ada.locator('button[slot="next"]').first().boundingBox();
    expect(before?.x).toBeGreaterThan(after?.x ?? Infinity);

    const time = await labelOf(freeTimes(ada).first());
    await takeFirst(ada);
    await inspect(ada, "holding");
    await bob.goto(path);
    await timeButton(bob, time).click();
    await bob.getByText("next in line").first().waitFor();
    await inspect(bob, "waiting");

    await fillDetails(ada, eventType);
    await confirmButton(ada).click();
    await bookedHeading(ada).waitFor();
    await inspect(ada, "the booking");
    await bob
      .getByText(/gone|booked/i)
      .first()
      .waitFor();
    await inspect(bob, "the loss");

    await ada.getByRole("link", { name: "View, change or cancel" }).click();
    await ada.getByRole("button", { name: "Move to another time" }).waitFor();
    await inspect(ada, "managing");
  });
}
