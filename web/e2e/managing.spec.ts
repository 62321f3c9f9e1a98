// Looking after a booking by its link: moved, cancelled, and changed by others meanwhile.
import type { APIRequestContext, Page } from "@playwright/test";
import type { Booking } from "../src/api/types";
import { oneHasBooked } from "./scenes";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  freeOn,
  freeTimes,
  labelOf,
  mostFreeDay,
  takeFirst,
  timeButton,
  written,
} from "./studio";
import { expect, type Fixtures, test } from "./visitors";

const changed = (page: Page) => page.getByText("This booking has changed meanwhile.");
const moveHere = (page: Page) => page.getByRole("button", { name: "Move my booking here" });

/** Ada looks at the booking that she has made. */
async function oneManages(fixtures: Fixtures) {
  const scene = await oneHasBooked(fixtures);
  await scene.ada.getByRole("link", { name: "View, change or cancel" }).click();
  await scene.ada.getByRole("heading", { name: "Your booking" }).waitFor();
  return scene;
}

/** Later than the page would look at its booking by itself. */
const AFTER_A_LOOK_MS = 6000;

/** With a clock that can be put forward. */
const byClock = ({ invite, request }: Fixtures): Fixtures => ({
  request,
  invite: async (options) => {
    const page = await invite(options);
    await page.clock.install();
    return page;
  },
});

/** What somebody else with the same link does to the booking. */
function elsewhere(request: APIRequestContext, page: Page) {
  const { pathname, hash } = new URL(page.url());
  const headers = { Authorization: `Bearer ${hash.replace("#token=", "")}` };
  const ask = async (what: string, data?: object) => {
    const url = `/api/v1${pathname}${what}`;
    const answer = data
      ? await request.post(url, { headers, data })
      : await request.get(url, { headers });
    expect(answer.status()).toBe(200);
    return (await answer.json()) as Booking;
  };
  return {
    look: () => ask(""),
    cancel: () => ask("/cancel", {}),
    move: (start: string) => ask("/reschedule", { start }),
  };
}

test("a booking is moved to another time and then cancelled, by its link", async ({
  invite,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const [ada, bob] = [await invite(), await invite()];
  await ada.goto(path);
  await bob.goto(path);
  const old = await labelOf(freeTimes(bob).first());
  expect(await takeFirst(ada)).toBe(old);
  await fillDetails(ada, eventType);
  await confirmButton(ada).click();
  await bookedHeading(ada).waitFor();
  await expect(timeButton(bob, old)).toHaveAttribute("data-state", "gone");

  await ada.getByRole("link", { name: "View, change or cancel" }).click();
  await ada.getByRole("button", { name: "Move to another time" }).click();
  await expect(ada.getByRole("heading", { name: "Choose a new time" })).toBeFocused();
  // The first one would overlap the old time.
  await freeTimes(ada).last().click();
  await ada.getByRole("timer").filter({ hasText: ":" }).waitFor();
  await expect(timeButton(bob, old)).toHaveAttribute("data-state", "gone");
  await ada.getByRole("button", { name: "Move my booking here" }).click();
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeFocused();
  await expect(ada.getByText("Moved. The old time was given back.")).toBeVisible();
  await expect(timeButton(bob, old)).toHaveAttribute("data-state", "free");

  await ada.getByRole("button", { name: "Cancel the booking" }).click();
  await ada.getByLabel("Reason").fill("A broken string");
  await ada.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(ada.getByTestId("status")).toHaveText("Cancelled");
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeFocused();
  await expect(ada.getByText("A broken string")).toBeVisible();
});

test("a booking may move to a time that overlaps its own", async ({ invite, request }) => {
  const { ada, eventType } = await oneManages({ invite, request });
  const other = elsewhere(request, ada);
  const was = await other.look();
  const step = eventType.slot_interval_minutes;
  expect(Date.parse(was.start) + step * 60_000).toBeLessThan(Date.parse(was.end));
  await ada.getByRole("button", { name: "Move to another time" }).click();
  const later = new Date(Date.parse(was.start) + step * 60_000).toISOString();
  await timeButton(ada, written(later)).click();
  await moveHere(ada).click();
  await expect(ada.getByText("Moved. The old time was given back.").first()).toBeVisible();
  expect(Date.parse((await other.look()).start)).toBe(Date.parse(later));
});

test("a booking that was cancelled elsewhere is shown as it is, and what was held for it is let go", async ({
  invite,
  request,
}) => {
  const { ada, path } = await oneManages({ invite, request });
  await ada.getByRole("button", { name: "Move to another time" }).click();
  const time = await takeFirst(ada);
  await elsewhere(request, ada).cancel();
  await expect(changed(ada)).toBeVisible();
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeFocused();
  await expect(ada.getByTestId("status")).toHaveText("Cancelled");
  const bob = await invite();
  await bob.goto(path);
  await expect(freeTimes(bob).filter({ hasText: time })).toBeVisible();
});

test("a booking that was moved elsewhere stays where it was moved, and the page says so", async ({
  invite,
  request,
}) => {
  const { ada, ...day } = await oneManages({ invite, request });
  const other = elsewhere(request, ada);
  await ada.getByRole("button", { name: "Move to another time" }).click();
  await takeFirst(ada);
  const [last] = (await freeOn(request, day)).slice(-1);
  if (!last) throw new Error("The day has no other free time.");
  await other.move(last.start);

  // Before the page has looked again, or after: it must not overrule what it does not know.
  await moveHere(ada).click();
  await expect(changed(ada)).toBeVisible();
  await expect(ada.getByText(written(last.start)).first()).toBeVisible();
  expect((await other.look()).start).toBe(last.start);
});

test("a page that only looks at a booking learns of its changes by itself", async ({
  invite,
  request,
}) => {
  const { ada } = await oneManages(byClock({ invite, request }));
  await elsewhere(request, ada).cancel();
  await ada.clock.fastForward(AFTER_A_LOOK_MS);
  await expect(ada.getByTestId("status")).toHaveText("Cancelled");
  await expect(changed(ada)).toBeVisible();
});

test("a move whose answer is late is told when it comes, and cannot be left before", async ({
  invite,
  request,
}) => {
  const { ada } = await oneManages(byClock({ invite, request }));
  const address = ada.url();
  await ada.getByRole("button", { name: "Move to another time" }).click();
  await takeFirst(ada);
  let answer: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (answer = resolve));
  await ada.route("**/reschedule", async (route) => {
    const response = await route.fetch();
    await late;
    await route.fulfill({ response });
  });
  await moveHere(ada).click();
  await expect(ada.getByRole("button", { name: "Back to the booking" })).toBeDisabled();
  let looks = 0;
  ada.on("request", (asked) => {
    if (asked.method() === "GET" && asked.url().includes("/api/v1/bookings/")) looks += 1;
  });
  await ada.clock.fastForward(AFTER_A_LOOK_MS);
  // Whatever the page has asked for by then was asked before this.
  await ada.evaluate(() => fetch("/healthz"));
  expect(looks).toBe(0);
  await expect(ada.getByRole("button", { name: "Moving" })).toBeVisible();
  answer();
  await expect(ada.getByText("Moved. The old time was given back.")).toBeVisible();
  await expect(changed(ada)).toHaveCount(0);
  expect(ada.url()).toBe(address);
});

test("a click on cancel that is doubled cancels once, and a lost answer is asked for again", async ({
  invite,
  request,
}) => {
  const { ada } = await oneManages({ invite, request });
  let asked = 0;
  let answer: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (answer = resolve));
  await ada.route("**/cancel", async (route) => {
    asked += 1;
    const response = await route.fetch();
    if (asked > 1) await late;
    if (asked === 1) await route.abort("connectionreset");
    else await route.fulfill({ response });
  });
  await ada.getByRole("button", { name: "Cancel the booking" }).click();
  await ada.getByRole("button", { name: "Yes, cancel it" }).dblclick();
  await expect(ada.getByText("No answer came yet. Trying again.")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Keep the booking" })).toBeDisabled();
  answer();
  await expect(ada.getByText("The booking is cancelled.")).toBeVisible();
  await expect(ada.getByTestId("status")).toHaveText("Cancelled");
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeFocused();
  await expect(changed(ada)).toHaveCount(0);
  expect(asked).toBe(2);
});
