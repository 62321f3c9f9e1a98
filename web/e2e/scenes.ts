// How the stories of the tests begin: who has come to the day with the most free times, and who has which time.
import type { Page } from "@playwright/test";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  freeTimes,
  mostFreeDay,
  type BookableDay,
  takeFirst,
  timeButton,
} from "./studio";
import { expect, type Fixtures } from "./visitors";

type Alone = BookableDay & { ada: Page };
type Holds = Alone & { time: string };
type Two = Holds & { bob: Page };

/** Ada looks at the times. */
export async function oneLooks({ invite, request }: Fixtures): Promise<Alone> {
  const day = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(day.path);
  await freeTimes(ada).first().waitFor();
  return { ...day, ada };
}

/** Ada holds the first free time. */
export async function oneHolds(fixtures: Fixtures): Promise<Holds> {
  const scene = await oneLooks(fixtures);
  return { ...scene, time: await takeFirst(scene.ada) };
}

/** Ada holds a time and has filled in the form. */
export async function oneHasFilledIn(fixtures: Fixtures): Promise<Holds> {
  const scene = await oneHolds(fixtures);
  await fillDetails(scene.ada, scene.eventType);
  return scene;
}

/** Ada has booked. */
export async function oneHasBooked(fixtures: Fixtures): Promise<Holds> {
  const scene = await oneHasFilledIn(fixtures);
  await confirmButton(scene.ada).click();
  await bookedHeading(scene.ada).waitFor();
  return scene;
}

/** Ada holds a time, and Bob, who came before, sees it held. */
export async function oneHoldsAnotherSees({ invite, request }: Fixtures): Promise<Two> {
  const day = await mostFreeDay(request);
  const [ada, bob] = [await invite(), await invite()];
  await ada.goto(day.path);
  await bob.goto(day.path);
  await freeTimes(bob).first().waitFor();
  const time = await takeFirst(ada);
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
  return { ...day, ada, bob, time };
}

/** Ada holds a time, and Bob is next in line for it. */
export async function oneHoldsAnotherWaits(fixtures: Fixtures): Promise<Two> {
  const scene = await oneHoldsAnotherSees(fixtures);
  await timeButton(scene.bob, scene.time).click();
  await expect(scene.bob.getByTestId("line-heading")).toHaveText(
    `You are next in line for ${scene.time}`,
  );
  return scene;
}

/** Takes this time, which is free, and waits until it is granted. */
export async function take(page: Page, time: string): Promise<void> {
  await timeButton(page, time).click();
  await page.getByRole("timer").filter({ hasText: ":" }).waitFor();
}

/** From now on the server refuses every time that this page asks for. */
export async function refuseTimes(
  page: Page,
  code: string,
  alternatives: { start: string; end: string }[] = [],
): Promise<void> {
  await page.route("**/presence/heartbeat", (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      json: { type: "about:blank", title: "", detail: "", status: 409, code, alternatives },
    }),
  );
}
