// Times that become free while one looks: nothing listed moves, and they are there for who asks for them.
import type { APIRequestContext, Page } from "@playwright/test";
import type { EventType } from "../src/api/types";
import {
  bookAway,
  type Cancel,
  freeDays,
  freeOn,
  freeTimes,
  labelOf,
  mostFreeDay,
  type BookableDay,
  timeButton,
  written,
} from "./studio";
import { expect, test } from "./visitors";

/** Where each time stands on the screen. */
function positions(page: Page): Promise<[string, number][]> {
  return page
    .locator("button[data-state]")
    .evaluateAll((buttons) =>
      buttons.map((button): [string, number] => [
        button.textContent.slice(0, 5),
        button.getBoundingClientRect().top,
      ]),
    );
}

test("what becomes free is offered aside, and comes in by a click or by the keyboard", async ({
  invite,
  request,
}) => {
  const day = await mostFreeDay(request);
  const [first] = await freeOn(request, day);
  if (!first) throw new Error("The day has no free time.");
  const time = written(first.start);
  const cancel = await bookAway(request, day, first.start);
  const pages = [await invite(), await invite({ viewport: { width: 360, height: 740 } })] as const;
  for (const page of pages) {
    await page.goto(day.path);
    await freeTimes(page).first().waitFor();
    await expect(timeButton(page, time)).toHaveCount(0);
  }
  const before = await Promise.all(pages.map(positions));

  await cancel();
  const offers = pages.map((page) =>
    page.getByRole("button", { name: /more times? (is|are) free/ }),
  );
  for (const offer of offers) await expect(offer).toBeVisible();
  await expect(pages[0].getByRole("status").filter({ hasText: /more time/ })).toBeVisible();
  expect(await Promise.all(pages.map(positions))).toEqual(before);

  const [clicked, typed] = offers;
  await clicked?.click();
  await typed?.focus();
  await pages[1].keyboard.press("Enter");
  for (const page of pages) {
    await expect(timeButton(page, time)).toBeFocused();
    await expect(page.getByRole("button", { name: /more times? (is|are) free/ })).toHaveCount(0);
  }
  await pages[1].keyboard.press("Enter");
  await expect(pages[1].getByTestId("hold-heading")).toContainText(time);
  await expect(timeButton(pages[0], time)).toHaveAttribute("data-state", "held");
});

test("what was seen to go comes back in its own place", async ({ invite, request }) => {
  const day = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(day.path);
  const time = await labelOf(freeTimes(ada).first());
  const before = await positions(ada);
  const [first] = await freeOn(request, day);
  const cancel = await bookAway(request, day, first?.start ?? "");
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "gone");
  await cancel();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "free");
  await expect(ada.getByRole("button", { name: /more times? (is|are) free/ })).toHaveCount(0);
  await expect.poll(() => positions(ada)).toEqual(before);
});

test("a day that opens becomes choosable, and the shown day stays", async ({ invite, request }) => {
  const day = await mostFreeDay(request);
  const date = await dayWithAnother(request, day.eventType);
  const cancels = await bookOut(request, { ...day, date });
  const ada = await invite();
  await ada.goto(day.path.replace(/date=[^&]*/, `date=${date}`));
  await freeTimes(ada).first().waitFor();
  const before = await positions(ada);
  const cell = ada
    .getByRole("grid")
    .locator("[aria-label]:not([data-outside-month])")
    .filter({ hasText: new RegExp(`^${Number(date.slice(8))}$`) });
  await expect(cell).toHaveAttribute("aria-disabled", "true");
  for (const cancel of cancels) await cancel();
  await expect(cell).not.toHaveAttribute("aria-disabled", "true");
  expect(await positions(ada)).toEqual(before);
  await cell.click();
  await expect(cell.locator("..")).toHaveAttribute("aria-selected", "true");
});

/** A free day of a month that has another. */
async function dayWithAnother(request: APIRequestContext, eventType: EventType) {
  const dates = [...(await freeDays(request, eventType)).keys()].sort();
  const first = dates.find((date, at) => dates[at + 1]?.slice(0, 7) === date.slice(0, 7));
  if (!first) throw new Error("No month has two free days left.");
  return first;
}

/** Books a whole day. */
async function bookOut(request: APIRequestContext, day: BookableDay): Promise<Cancel[]> {
  const cancels: Cancel[] = [];
  for (;;) {
    const [next] = await freeOn(request, day);
    if (!next) return cancels;
    cancels.push(await bookAway(request, day, next.start));
  }
}
