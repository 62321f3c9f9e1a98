// How the stories begin: who has come to the day with the most free times, and who has which time.
import type { EventType } from "../../src/api/types";
import { mostFreeDay, type BookableDay } from "../studio";
import type { Fixtures } from "./story";
import type { View, Visitor } from "./visitor";

type Holds = BookableDay & { ada: Visitor; time: string };
type Two = Holds & { bob: Visitor };

/** Takes the first free time, waits until it is granted, and says which it was. */
export async function takeFirst(page: View): Promise<string> {
  const first = page.freeTime();
  await first.shows();
  const { text = "" } = await first.look();
  await first.click();
  await isGranted(page);
  return text;
}

/** A hold has a deadline once the server has granted it. */
export function isGranted(page: View): Promise<void> {
  return page.role("timer", /:/).shows();
}

export async function oneHolds({ invite, request }: Fixtures): Promise<Holds> {
  const day = await mostFreeDay(request);
  const ada = await invite();
  await ada.goTo(day.path);
  return { ...day, ada, time: await takeFirst(ada) };
}

/** Ada holds a time, and Bob, who came before, sees it held. */
export async function oneHoldsAnotherSees({ invite, request }: Fixtures): Promise<Two> {
  const day = await mostFreeDay(request);
  const [ada, bob] = [await invite(), await invite()];
  await bob.goTo(day.path);
  await bob.freeTime().shows();
  await ada.goTo(day.path);
  const time = await takeFirst(ada);
  await bob.time(time).shows({ state: "held" });
  return { ...day, ada, bob, time };
}

/** Ada holds a time, and Bob, who was told of it, is next in line. */
export async function oneHoldsAnotherWaits(fixtures: Fixtures): Promise<Two> {
  const scene = await oneHoldsAnotherSees(fixtures);
  const { bob, time } = scene;
  const description = "Held by someone else. Choose it to wait in line.";
  await bob.time(time).shows({ description, name: /Held$/ });
  await bob.time(time).click();
  const text = `You are next in line for ${time}`;
  await bob.testId("line-heading").shows({ text, isFocused: true });
  return scene;
}

/** What the form's fields are called. */
const ENGLISH = { name: "Name", email: "E-mail" };

export async function fillDetails(page: View, eventType: EventType, labels = ENGLISH) {
  await page.role("textbox", labels.name).fill("Ada Example");
  await page.role("textbox", labels.email).fill("ada@example.org");
  for (const { key, kind, required } of eventType.questions) {
    if (!required) continue;
    if (kind !== "text" && kind !== "textarea") throw new Error(`A story must answer ${kind} too.`);
    await page.part({ css: `[name="answers.${key}"]` }).fill("Zwei Flügel");
  }
}

export function confirmButton(page: View) {
  return page.role("button", /Confirm booking|Send request/);
}

export function bookedHeading(page: View) {
  return page.role("heading", /It is yours|Your request is in/);
}
