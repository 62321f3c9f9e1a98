// Two and three people on one time: held, seen held, waited for, passed on, booked, gone.
import { oneHolds, oneHoldsAnotherSees, oneHoldsAnotherWaits } from "./scenes";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  freeTimes,
  heldBar,
  labelOf,
  timeButton,
} from "./studio";
import { expect, test } from "./visitors";

test("a time passes from the one who leaves to the one who waits, who books it", async ({
  invite,
  request,
}) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  const seen = timeButton(bob, time);
  await expect(seen).toHaveAccessibleDescription(
    "Held by someone else. Choose it to wait in line.",
  );
  await seen.hover();
  await expect(bob.getByRole("tooltip").filter({ visible: true })).toHaveCount(1);

  await seen.click();
  await expect(bob.getByTestId("line-heading")).toHaveText(`You are next in line for ${time}`);
  await expect(bob.getByTestId("line-heading")).toBeFocused();
  await expect(bob.getByRole("status").filter({ hasText: "next in line" })).toBeAttached();
  await expect(ada.getByText("1 other person is waiting.")).toBeVisible();

  await ada.getByRole("button", { name: "Other times" }).click();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "mine");
  await ada.getByRole("button", { name: "Let it go" }).click();

  await expect(bob.getByTestId("hold-heading")).toContainText("is held for you");
  await expect(bob.getByTestId("hold-heading")).toBeFocused();
  await expect(bob).toHaveTitle(new RegExp(`It is your turn: ${time}`));
  await expect(bob.getByRole("status").filter({ hasText: "It is your turn" })).toHaveAttribute(
    "aria-live",
    "assertive",
  );
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "held");

  await fillDetails(bob, eventType);
  await confirmButton(bob).click();
  await expect(bookedHeading(bob)).toBeVisible();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "gone");
  await expect(timeButton(ada, time)).toBeDisabled();
});

test("the third moves up when the first closes the tab, and learns it when it is booked", async ({
  invite,
  request,
}) => {
  const { path, eventType, ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  const cem = await invite();
  await cem.goto(path);
  await timeButton(cem, time).click();
  await expect(cem.getByTestId("line-heading")).toHaveText(`You are number 2 in line for ${time}`);
  // Sooner than the next heartbeat.
  const promptly = { timeout: 2000 };
  await expect(ada.getByText("2 other people are waiting.")).toBeVisible(promptly);
  await expect(bob.getByText("1 before you, 1 behind you")).toBeAttached(promptly);
  await expect(cem.getByText("2 before you, 0 behind you")).toBeAttached(promptly);

  await ada.close();
  await expect(bob.getByTestId("hold-heading")).toBeVisible();
  await expect(cem.getByTestId("line-heading")).toHaveText(`You are next in line for ${time}`);

  await fillDetails(bob, eventType);
  await confirmButton(bob).click();
  await expect(bookedHeading(bob)).toBeVisible();
  await expect(cem.getByTestId("lost-heading")).toHaveText(`${time} has just been booked`);
  const near = cem.getByTestId("near-times").getByRole("button");
  await expect(near.first()).toBeVisible();
  await expect(near.filter({ hasText: time })).toHaveCount(0);

  await bob.getByRole("link", { name: "View, change or cancel" }).click();
  await bob.getByRole("button", { name: "Cancel the booking" }).click();
  await bob.getByRole("button", { name: "Yes, cancel it" }).click();
  await near.filter({ hasText: time }).click();
  await expect(cem.getByTestId("hold-heading")).toContainText("is held for you");
});

test("a turn is not taken back by an answer that was older and came later", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  let isHeldUp: () => void = () => undefined;
  const heldUp = new Promise<void>((resolve) => (isHeldUp = resolve));
  let goOn: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (goOn = resolve));
  await bob.route("**/presence/heartbeat", async (route) => {
    const response = await route.fetch();
    isHeldUp();
    await late;
    await route.fulfill({ response });
  });
  await heldUp;
  await ada.close();
  await expect(heldBar(bob)).toContainText(time);
  let answers = 0;
  bob.on("requestfinished", (request) => {
    if (request.url().endsWith("/presence/heartbeat")) answers += 1;
  });
  goOn();
  await expect.poll(() => answers).toBeGreaterThan(1);
  await expect(heldBar(bob)).toContainText("is held for you");
  await expect(bob.getByTestId("lost-heading")).toHaveCount(0);
});

test("choosing another time moves the hold, and the first is free for others", async ({
  invite,
  request,
}) => {
  const { ada, bob, time: first } = await oneHoldsAnotherSees({ invite, request });
  await ada.getByRole("button", { name: "Other times" }).click();
  // Far enough away not to overlap the first.
  const second = await labelOf(freeTimes(ada).last());
  await freeTimes(ada).last().click();
  await expect(timeButton(bob, second)).toHaveAttribute("data-state", "held");
  await expect(timeButton(bob, first)).toHaveAttribute("data-state", "free");
});

test("a duplicated tab is somebody else, who waits", async ({ invite, request }) => {
  const { path, ada, time } = await oneHolds({ invite, request });
  const popup = ada.waitForEvent("popup");
  // A window opened by script starts with a copy of the session storage, as a duplicated tab does.
  await ada.evaluate((url) => void window.open(url), path);
  const copy = await popup;
  await timeButton(copy, time).click();
  await expect(copy.getByTestId("line-heading")).toHaveText(`You are next in line for ${time}`);
  await expect(ada.getByTestId("hold-heading")).toBeVisible();
});
