// What the tests need of the demo's studio: something to book, a day with many free times, and its form.
import { parseAbsolute } from "@internationalized/date";
import type { APIRequestContext, FrameLocator, Locator, Page } from "@playwright/test";
import type { CreatedBooking, EventType, Slot } from "../src/api/types";
import { dateIn } from "../src/lib/zoned-date";

export interface BookableDay {
  eventType: EventType;
  date: string;
  /** The booking page on that day. */
  path: string;
}

const ORG = "default";
const ZONE = "Europe/Berlin";

/** A day of the first event type of which there is only one, with the most free times. */
export async function mostFreeDay(request: APIRequestContext): Promise<BookableDay> {
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

async function freeSlots(
  request: APIRequestContext,
  eventType: EventType,
  [from, to]: [string, string],
): Promise<Slot[]> {
  const answer = await request.get(`/api/v1/event-types/${eventType.id}/slots`, {
    params: {
      from,
      to,
      duration_minutes: eventType.durations_minutes[0] ?? 30,
      time_zone: ZONE,
    },
  });
  const { slots } = (await answer.json()) as { slots: Slot[] };
  return slots.filter(({ state }) => state === "free");
}

/** How many free times each day has. */
export async function freeDays(request: APIRequestContext, eventType: EventType) {
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const days = new Map<string, number>();
  for (const slot of await freeSlots(request, eventType, [day(1), day(21)])) {
    const date = dateIn(ZONE, slot.start);
    days.set(date, (days.get(date) ?? 0) + 1);
  }
  return days;
}

/** The free times of the day's day. */
export function freeOn(
  request: APIRequestContext,
  { eventType, date }: BookableDay,
): Promise<Slot[]> {
  return freeSlots(request, eventType, [date, date]);
}

/** A time as the page writes it. */
export function written(start: string): string {
  return parseAbsolute(start, ZONE).toString().slice(11, 16);
}

export type Cancel = () => Promise<void>;

/** Books a time without a page, and gives what cancels it. */
export async function bookAway(
  request: APIRequestContext,
  { eventType }: BookableDay,
  start: string,
): Promise<Cancel> {
  const answers = eventType.questions
    .filter(({ required }) => required)
    .map(({ key, kind, options }) => [key, kind === "select" ? options[0] : "Two pianos"]);
  const made = await request.post("/api/v1/bookings", {
    data: {
      event_type_id: eventType.id,
      start,
      booker: { name: "Cem Example", email: "cem@example.org" },
      answers: Object.fromEntries(answers) as object,
    },
  });
  if (!made.ok()) throw new Error(`It could not be booked: ${await made.text()}`);
  const { uid, management_token } = (await made.json()) as CreatedBooking;
  return async () => {
    const headers = { authorization: `Bearer ${management_token}` };
    const answer = await request.post(`/api/v1/bookings/${uid}/cancel`, { headers, data: {} });
    if (!answer.ok()) throw new Error(`It could not be cancelled: ${await answer.text()}`);
  };
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
