// What happens when a hold, an answer or the server is lost.
import {
  oneHasFilledIn,
  oneHoldsAnotherSees,
  oneHoldsAnotherWaits,
  oneLooks,
  refuseTimes,
  take,
} from "./scenes";
import {
  bookAway,
  bookedHeading,
  confirmButton,
  fillDetails,
  freeOn,
  freeTimes,
  mostFreeDay,
  timeButton,
  written,
} from "./studio";
import { expect, test } from "./visitors";

test("a hold lost to the next in line says so, keeps the text, and offers near times", async ({
  invite,
  request,
}) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  await fillDetails(ada, eventType);

  await ada.context().setOffline(true);
  await expect(bob.getByTestId("hold-heading")).toBeVisible();
  await expect(ada.getByText("We cannot reach the server").last()).toBeVisible();
  await expect(ada.getByTestId("hold-heading")).toContainText("was held for you");
  await ada.context().setOffline(false);

  await expect(ada.getByTestId("lost-heading")).toHaveText(`${time} went to the next person`);
  await expect(ada.getByTestId("lost-heading")).toBeFocused();
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
  await expect(confirmButton(ada)).toBeDisabled();

  await ada.getByTestId("near-times").getByRole("button").first().click();
  await expect(ada.getByTestId("hold-heading")).toContainText("is held for you");
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
  await confirmButton(ada).click();
  await expect(bookedHeading(ada)).toBeVisible();
});

test("a hold that ran out and that nobody took is held again, and the page says so", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.context().setOffline(true);
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "free");
  await ada.context().setOffline(false);
  await expect(
    ada.getByText("Nobody came, so the time is held for you again.").first(),
  ).toBeVisible();
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
});

test("a hold that met its deadline is lost, and only times that the server gives are offered", async ({
  invite,
  request,
}) => {
  const { path, ada, time } = await oneHasFilledIn({ invite, request });
  await refuseTimes(ada, "hold_lost");
  await expect(ada.getByTestId("lost-heading")).toHaveText("Your time to finish ran out");
  await ada.unroute("**/presence/heartbeat");
  await expect(ada.getByRole("button", { name: `Hold ${time} again` })).toBeHidden();
  await expect(ada.getByText(/You can hold this time again in \d+ s/)).toBeVisible();

  const near = ada.getByTestId("near-times").getByRole("button");
  const bob = await invite();
  await bob.goto(path);
  await timeButton(bob, (await near.last().textContent()) ?? "").click();
  await expect(near.last()).toHaveAccessibleName(/ Held$/);
  await expect(near.last()).toBeDisabled();
  await near.and(ada.locator(":enabled:not([aria-disabled])")).first().click();
  await expect(ada.getByTestId("hold-heading")).toBeVisible();
  await expect(ada.getByLabel("E-mail")).toHaveValue("ada@example.org");
});

test("a time that was taken in the same moment rolls back and offers others", async ({
  invite,
  request,
}) => {
  const { ada } = await oneLooks({ invite, request });
  await refuseTimes(ada, "slot_booked", [
    { start: "2030-03-11T09:00:00Z", end: "2030-03-11T10:00:00Z" },
  ]);
  await freeTimes(ada).first().click();
  await expect(ada.getByRole("alert")).toContainText("was booked a moment ago");
  await expect(ada.getByTestId("near-times").getByRole("button")).toHaveCount(1);
});

test("a near time that goes meanwhile is struck out in its place, and comes back there", async ({
  invite,
  request,
}) => {
  const { ada, ...day } = await oneLooks({ invite, request });
  const [wanted, ...others] = await freeOn(request, day);
  const near = others.filter(({ start }) => start >= (wanted?.end ?? "")).slice(0, 3);
  const [first] = near;
  if (!first) throw new Error("The day has no other free time.");
  await refuseTimes(ada, "slot_booked", near);
  await freeTimes(ada).first().click();
  const offered = ada.getByTestId("near-times").getByRole("button");
  await expect(offered).toHaveCount(3);
  const box = await offered.first().boundingBox();
  await offered.first().focus();

  const cancel = await bookAway(request, day, first.start);
  await expect(offered.first()).toHaveAccessibleName(`${written(first.start)} taken`);
  await expect(offered.first()).toBeDisabled();
  await expect(offered.first()).toBeFocused();
  await expect(offered).toHaveCount(3);
  expect(await offered.first().boundingBox()).toEqual(box);
  await cancel();
  await expect(offered.first()).toHaveAccessibleName(written(first.start));
  await expect(offered.first()).toBeEnabled();
});

test("a page that comes while the server is away recovers by itself", async ({
  invite,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite();
  await ada.route("**/api/**", (route) => route.abort("connectionrefused"));
  await ada.goto(path);
  await expect(ada.getByRole("heading", { name: "The front desk is away" })).toBeVisible();
  await ada.unroute("**/api/**");
  await expect(freeTimes(ada).first()).toBeVisible();
});

test("a laptop that slept through its hold says so and keeps the form", async ({
  invite,
  request,
}) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await fillDetails(ada, eventType);
  // A question that blocks the page until it is answered: nothing runs in it meanwhile, as in sleep.
  let wake: () => void = () => undefined;
  const morning = new Promise<void>((resolve) => (wake = resolve));
  await ada.route("**/asleep", async (route) => {
    await morning;
    await route.fulfill({ status: 204 });
  });
  const night = ada.evaluate(() => {
    const question = new XMLHttpRequest();
    question.open("GET", "/asleep", false);
    question.send();
  });
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "free");
  await take(bob, time);

  wake();
  await night;
  await expect(ada.getByTestId("lost-heading")).toHaveText(`${time} went to the next person`);
  await expect(ada.getByText("What you typed is still here")).toBeVisible();
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
  await expect(ada.getByRole("button", { name: `Wait in line for ${time}` })).toBeVisible();
});
