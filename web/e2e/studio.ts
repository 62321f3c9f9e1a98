// What the tests need of the demo's studio: something to book, a day with room, and its form.
import type { APIRequestContext, FrameLocator, Locator, Page } from "@playwright/test";
import type { EventType, Slot } from "../src/api/types";

export interface Stage {
  eventType: EventType;
  date: string;
  /** The booking page on that day. */
  path: string;
}

const ORG = "default";
const ZONE = "Europe/Berlin";

/** A day of the first event type of which there is only one, with the most free times. */
export async function roomyDay(request: APIRequestContext): Promise<Stage> {
  const eventType = await exclusiveType(request);
  const days = await freeDays(request, eventType);
  const [best] = [...days].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < 3) throw new Error("The demo has no day with three free times left.");
  const [date] = best;
  return { eventType, date, path: `/${ORG}/${eventType.slug}?date=${date}&zone=${ZONE}` };
}

async function exclusiveType(request: APIRequestContext): Promise<EventType> {
  const answer = await request.get(`/api/v1/public/${ORG}/event-types`);
  const { event_types: types } = (await answer.json()) as { event_types: EventType[] };
  const found = types.find(
    (type) => type.resources.length > 0 && type.resources.every(({ capacity }) => capacity === 1),
  );
  if (!found) throw new Error("The demo offers nothing that only one can have.");
  return found;
}

async function freeDays(request: APIRequestContext, eventType: EventType) {
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const answer = await request.get(`/api/v1/event-types/${eventType.id}/slots`, {
    params: {
      from: day(1),
      to: day(21),
      duration_minutes: eventType.durations_minutes[0] ?? 30,
      time_zone: ZONE,
    },
  });
  const { slots } = (await answer.json()) as { slots: Slot[] };
  const days = new Map<string, number>();
  const dateIn = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
  for (const slot of slots.filter(({ state }) => state === "free")) {
    const date = dateIn.format(new Date(slot.start));
    days.set(date, (days.get(date) ?? 0) + 1);
  }
  return days;
}

export function freeTimes(page: Page): Locator {
  return page.locator('button[data-state="free"]');
}

/** The button of a time, whatever its state. */
export function timeButton(page: Page, time: string): Locator {
  return page.locator("button[data-state]").filter({ hasText: time });
}

export async function labelOf(button: Locator): Promise<string> {
  const text = await button.locator("span").first().textContent();
  return text ?? "";
}

/** Takes the first free time and says which it was. */
export async function takeFirst(page: Page): Promise<string> {
  const first = freeTimes(page).first();
  const time = await labelOf(first);
  await first.click();
  await page.getByRole("timer").filter({ hasText: ":" }).waitFor();
  return time;
}

/** A page, or one in a frame. */
type Showing = Page | FrameLocator;

export async function fillDetails(page: Showing, eventType: EventType): Promise<void> {
  await page.getByLabel("Name").fill("Ada Example");
  await page.getByLabel("E-mail").fill("ada@example.org");
  for (const { key, kind, required, options } of eventType.questions) {
    if (!required) continue;
    const field = page.locator(`[name="answers.${key}"]`);
    if (kind === "checkbox") await field.check();
    else if (kind === "select") await field.selectOption(options[0] ?? "");
    else await field.fill(kind === "phone" ? "+49 30 000000" : "Two pianos and a voice");
  }
}

export function confirmButton(page: Page): Locator {
  return page.getByRole("button", { name: /Confirm booking|Send request/ });
}

export function bookedHeading(page: Showing): Locator {
  return page.getByRole("heading", { name: /It is yours|Your request is in/ });
}

/** The words of the bar that says what is held. */
export function heldBar(page: Page): Locator {
  return page.getByTestId("hold-heading");
}
