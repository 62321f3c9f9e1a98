// Back, Forward, a reload, and the way to the booking and from it.
import {
  oneHasBooked,
  oneHasFilledIn,
  oneHolds,
  oneHoldsAnotherSees,
  oneHoldsAnotherWaits,
  take,
} from "./scenes";
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  heldBar,
  mostFreeDay,
  takeFirst,
  timeButton,
} from "./studio";
import { expect, test } from "./visitors";

test("Back gives the time up and says so, and Forward holds it again", async ({
  invite,
  request,
}) => {
  const { path, ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.getByLabel("Name").fill("Ada Example");

  await ada.goBack();
  await expect(ada.getByText(`You let ${time} go.`)).toBeVisible();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "free");
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "free");
  expect(ada.url()).toContain(path);

  await ada.goForward();
  await expect(heldBar(ada)).toContainText(time);
  await expect(ada.getByText(`${time} is held for you again.`)).toBeVisible();
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
});

test("Forward to a time that somebody else has taken says so", async ({ invite, request }) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.goBack();
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "free");
  await take(bob, time);

  await ada.goForward();
  await expect(ada.getByTestId("lost-heading")).toHaveText(`${time} went to somebody else`);
  await expect(ada.getByText("What you typed is still here")).toHaveCount(0);
  await expect(ada).toHaveTitle(/^\d+:\d+ went to somebody else/);
  await ada.goBack();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "held");
  await expect(ada).not.toHaveTitle(/somebody else/);
});

test("Back from the line leaves it", async ({ invite, request }) => {
  const { ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  await expect(ada.getByText("1 other person is waiting.")).toBeVisible();
  await bob.goBack();
  await expect(bob.getByText(`You left the line for ${time}.`)).toBeVisible();
  await expect(ada.getByText("1 other person is waiting.")).toHaveCount(0);
});

test("a reload goes on with the hold and with what was typed", async ({ invite, request }) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await fillDetails(ada, eventType);
  await ada.reload();
  await expect(heldBar(ada)).toContainText(time);
  await expect(ada.getByText(`Welcome back: ${time} is still yours.`)).toBeVisible();
  await expect(ada.getByLabel("E-mail")).toHaveValue("ada@example.org");
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
  await confirmButton(ada).click();
  await expect(bookedHeading(ada)).toBeVisible();
});

test("a reload keeps the time from who waits for it, and its deadline", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  await expect(ada.getByRole("timer")).toHaveText(/9:5/);
  await ada.reload();
  await expect(heldBar(ada)).toContainText(time);
  await expect(ada.getByRole("timer")).toHaveText(/9:[45]/);
  await expect(ada.getByText("1 other person is waiting.")).toBeVisible();

  await bob.reload();
  await expect(bob.getByTestId("line-heading")).toContainText("You are next");
});

test("where the browser does not tell a reload from leaving, a time that went to the next in line is lost, and nothing typed", async ({
  invite,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const [ada, bob] = [await invite(), await invite()];
  await ada.addInitScript(() =>
    addEventListener("pageswap", (event) => event.stopImmediatePropagation(), { capture: true }),
  );
  await ada.goto(path);
  await bob.goto(path);
  const time = await takeFirst(ada);
  await fillDetails(ada, eventType);
  await timeButton(bob, time).click();
  await bob.getByTestId("line-heading").waitFor();
  await ada.reload();
  await expect(ada.getByTestId("lost-heading")).toHaveText(`${time} went to somebody else`);
  await expect(ada.getByText("What you typed is still here")).toBeVisible();
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
  await expect(heldBar(bob)).toBeVisible();
});

test("a booking whose answer a reload has cut off is asked for again, and made once", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasFilledIn({ invite, request });
  const uids: string[] = [];
  await ada.route("**/api/v1/bookings", async (route) => {
    const response = await route.fetch();
    uids.push(((await response.json()) as { uid: string }).uid);
    // The first answer never comes.
    if (uids.length > 1) await route.fulfill({ response });
  });
  await confirmButton(ada).click();
  await expect.poll(() => uids.length).toBe(1);
  await ada.reload();
  await expect(bookedHeading(ada)).toBeVisible();
  expect(uids).toEqual([uids[0], uids[0]]);
});

test("what was booked is still there after a reload, and Back leads to the times", async ({
  invite,
  request,
}) => {
  const { ada, time } = await oneHasBooked({ invite, request });
  await ada.reload();
  await expect(bookedHeading(ada)).toBeVisible();
  await ada.goBack();
  await expect(ada.getByRole("grid")).toBeVisible();
  await expect(timeButton(ada, time)).toHaveCount(0);
  await ada.goForward();
  await expect(bookedHeading(ada)).toBeVisible();
});

test("a duplicate of a tab that holds a time shows the times, and the tab keeps its hold", async ({
  invite,
  request,
}) => {
  const { path, ada, time } = await oneHolds({ invite, request });
  const popup = ada.waitForEvent("popup");
  // A window opened by script starts with a copy of the session storage; a duplicated tab has a copy of the history too.
  await ada.context().addInitScript(() => {
    const { opener } = window as { opener: Window | null };
    if (opener) history.replaceState(opener.history.state, "");
  });
  await ada.evaluate((url) => void window.open(url), path);
  const copy = await popup;
  await expect(timeButton(copy, time)).toHaveAttribute("data-state", "held");
  await expect(heldBar(copy)).toHaveCount(0);
  await expect(heldBar(ada)).toBeVisible();
});

test("closing the tab frees the time at once", async ({ invite, request }) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.close({ runBeforeUnload: true });
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "free", { timeout: 2000 });
});

test("Back from choosing a new time leads to the booking, which stays as it was", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasBooked({ invite, request });
  await ada.getByRole("link", { name: "View, change or cancel" }).click();
  await ada.getByRole("button", { name: "Move to another time" }).click();
  await expect(ada.getByRole("heading", { name: "Choose a new time" })).toBeVisible();
  await takeFirst(ada);
  await ada.goBack();
  await expect(ada.getByRole("grid")).toBeVisible();
  await ada.goBack();
  await expect(ada.getByTestId("status")).toHaveText("Confirmed");
  await expect(ada.getByText("Harbour Studio", { exact: true })).toBeVisible();
});
