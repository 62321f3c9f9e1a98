// Every state of every page, as a picture and under axe: desktop and phone, light and dark.
import type { BrowserContextOptions, Page } from "@playwright/test";
import { violationsOn } from "./accessibility";
import { refuseTimes } from "./scenes";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  freeTimes,
  mostFreeDay,
  takeFirst,
  timeButton,
} from "./studio";
import { expect, test } from "./visitors";

const viewports = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 360, height: 780 },
};

type Look = BrowserContextOptions & { name: string };

const looks: Look[] = Object.entries(viewports).flatMap(([device, viewport]) =>
  (["light", "dark"] as const).map((colorScheme) => ({
    name: `${device}-${colorScheme}`,
    viewport,
    colorScheme,
    reducedMotion: "reduce" as const,
  })),
);

/** On a desktop the foot of the page stays in sight, which a picture of the whole page would not show. */
const isLong = (look: Look) => (look.viewport?.width ?? 0) < 600;

/** Nothing sticks out, axe finds nothing, and a picture is kept to be looked at. */
async function inspect(page: Page, state: string, look: Look): Promise<void> {
  expect(await violationsOn(page), `axe on ${state}, ${look.name}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `sideways scrolling on ${state}, ${look.name}`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `e2e/shots/${state}-${look.name}.png`, fullPage: isLong(look) });
}

for (const look of looks) {
  const { name, ...options } = look;

  test(`choosing, holding and booking, ${name}`, async ({ invite, request }) => {
    test.setTimeout(90_000);
    const { path, eventType } = await mostFreeDay(request);
    const ada = await invite(options);
    await ada.goto("/");
    await ada.getByRole("link", { name: eventType.title }).waitFor();
    await inspect(ada, "landing", look);
    await ada.goto(path);
    await freeTimes(ada).first().waitFor();
    await inspect(ada, "free", look);

    await takeFirst(ada);
    await inspect(ada, "mine", look);
    await ada.getByRole("button", { name: "Other times" }).click();
    await ada.getByRole("button", { name: "Continue" }).waitFor();
    await inspect(ada, "looking", look);
    await ada.getByRole("button", { name: "Continue" }).click();
    await confirmButton(ada).click();
    await expect(ada.getByLabel("Name")).toBeFocused();
    await inspect(ada, "mistakes", look);
    await fillDetails(ada, eventType);
    await confirmButton(ada).click();
    await bookedHeading(ada).waitFor();
    await inspect(ada, "booked", look);

    await ada.getByRole("link", { name: "View, change or cancel" }).click();
    await ada.getByRole("heading", { name: "Your booking" }).waitFor();
    await inspect(ada, "manage", look);
    await ada.getByRole("button", { name: "Move to another time" }).click();
    await freeTimes(ada).first().waitFor();
    await inspect(ada, "moving", look);
    await takeFirst(ada);
    await inspect(ada, "moving-held", look);
    await ada.goBack();
    await ada.goBack();
    await ada.getByRole("button", { name: "Cancel the booking" }).click();
    await ada.getByRole("dialog").waitFor();
    await inspect(ada, "cancelling", look);
    await ada.getByRole("button", { name: "Yes, cancel it" }).click();
    await ada.getByRole("link", { name: "Book another time" }).waitFor();
    await inspect(ada, "finished", look);
  });

  test(`held, waiting, promoted and lost, ${name}`, async ({ invite, request }) => {
    test.setTimeout(90_000);
    const { path } = await mostFreeDay(request);
    const [ada, bob] = [await invite(), await invite(options)];
    await ada.goto(path);
    await bob.goto(path);
    const time = await takeFirst(ada);
    await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
    await timeButton(bob, time).hover();
    await inspect(bob, "held", look);
    await timeButton(bob, time).click();
    await expect(bob.getByTestId("line-heading")).toContainText("You are next");
    await inspect(bob, "waiting", look);
    await ada.close();
    await bob.getByTestId("hold-heading").waitFor();
    await inspect(bob, "promoted", look);
    await bob.context().setOffline(true);
    await bob.getByText("We cannot reach the server").last().waitFor();
    await inspect(bob, "unreachable", look);

    const cem = await invite();
    await cem.goto(path);
    await expect(timeButton(cem, time)).toHaveAttribute("data-state", "free");
    await timeButton(cem, time).click();
    await cem.getByRole("timer").filter({ hasText: ":" }).waitFor();
    await bob.context().setOffline(false);
    await bob.getByTestId("lost-heading").waitFor();
    await inspect(bob, "lost", look);
  });

  test(`running out, given up, refused and empty, ${name}`, async ({ invite, request }) => {
    test.setTimeout(90_000);
    const { path, eventType } = await mostFreeDay(request);
    const ada = await invite(options);
    await ada.route("**/presence/heartbeat", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as object;
      const hold_deadline = new Date(Date.now() + 75_000).toISOString();
      await route.fulfill({ response, json: { ...answer, hold_deadline } });
    });
    await ada.route("**/presence/stream", (route) => route.abort());
    await ada.goto(path);
    await takeFirst(ada);
    await ada.getByRole("button", { name: "Keep it longer" }).waitFor();
    await inspect(ada, "ending", look);
    await ada.goBack();
    await ada.getByText(/^You let .* go\.$/).waitFor();
    await inspect(ada, "given-up", look);
    await ada.unroute("**/presence/heartbeat");

    const near = [10, 12].map((hour) => ({
      start: `2030-03-11T${hour}:00:00Z`,
      end: `2030-03-11T${hour}:30:00Z`,
    }));
    await refuseTimes(ada, "slot_booked", near);
    await freeTimes(ada).first().click();
    await ada.getByRole("alert").waitFor();
    await inspect(ada, "refused", look);

    await ada.route(`**/event-types/${eventType.id}/slots?**`, (route) =>
      route.fulfill({ json: { slots: [] } }),
    );
    await ada.route("**/slots/stream?**", (route) => route.abort());
    await ada.goto(path);
    await ada.getByRole("button", { name: "Go to the next free day" }).waitFor();
    await inspect(ada, "empty-month", look);
  });

  test(`pages that help, ${name}`, async ({ invite, request }) => {
    test.setTimeout(60_000);
    const { path } = await mostFreeDay(request);
    const ada = await invite(options);
    await ada.goto("/default/no-such-thing");
    await ada.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    await inspect(ada, "not-found", look);
    await ada.goto("/bookings/0190a000-0000-7000-8000-000000000000#token=wrong");
    await ada.getByRole("heading", { name: "This link does not open a booking" }).waitFor();
    await inspect(ada, "wrong-link", look);
    await ada.getByRole("link", { name: "See what can be booked" }).click();
    await ada.getByRole("heading", { name: "What would you like to book?" }).waitFor();
    await ada.route("**/api/**", (route) => route.abort("connectionrefused"));
    await ada.goto(path);
    await ada.getByRole("heading", { name: "The front desk is away" }).waitFor();
    await inspect(ada, "away", look);
    await ada.unroute("**/api/**");
    await freeTimes(ada).first().waitFor();
    await ada.getByRole("button", { name: /^Time zone/ }).click();
    await ada.getByRole("listbox").getByRole("option").first().waitFor();
    await inspect(ada, "zones", look);
  });
}
