// What the page says while a time is held.
import { oneHolds, oneHoldsAnotherSees } from "./scenes";
import { roomyDay, takeFirst, timeButton } from "./studio";
import { expect, test } from "./visitors";

test("the last two minutes are warned of, and can be extended", async ({ invite, request }) => {
  const { path } = await roomyDay(request);
  const ada = await invite();
  let left = 90_000;
  let last: object = {};
  const late = (answer: object) => ({
    ...answer,
    hold_deadline: new Date(Date.now() + left).toISOString(),
  });
  await ada.route("**/presence/heartbeat", async (route) => {
    const response = await route.fetch();
    last = {
      ...last,
      ...((await response.json()) as object),
      ...(left > 90_000 ? { extended: true } : {}),
    };
    await route.fulfill({ response, json: late(last) });
  });
  await ada.route("**/presence/extend", async (route) => {
    left = 390_000;
    last = { ...last, extended: true };
    await route.fulfill({ json: late(last) });
  });
  await ada.goto(path);
  await takeFirst(ada);
  await expect(
    ada.getByRole("status").filter({ hasText: /1 minute (30|29|28|27) seconds left/ }),
  ).toBeAttached();
  await ada.getByRole("button", { name: "Keep it longer" }).click();
  await expect(ada.getByRole("timer")).toHaveText(/^6:/);
  await expect(ada.getByRole("button", { name: "Keep it longer" })).toHaveCount(0);
});

test("a server that is away is said aloud and in the title, and so is its return", async ({
  invite,
  request,
}) => {
  const { ada, time } = await oneHolds({ invite, request });
  await ada.route("**/api/**", (route) => route.abort("connectionrefused"));
  const told = ada.getByRole("status").filter({ hasText: "We cannot reach the server" });
  await expect(told).toBeAttached();
  await expect(ada).toHaveTitle(/^No connection/);
  await ada.unroute("**/api/**");
  await expect(told).toHaveCount(0);
  await expect(ada).toHaveTitle(new RegExp(`^${time} yours`));
});

test("the note of a hold that came again goes by itself", async ({ invite, request }) => {
  const { ada, time } = await oneHolds({ invite, request });
  await ada.reload();
  const note = ada.getByText(`Welcome back: ${time} is still yours.`);
  await expect(note).toBeVisible();
  await expect(note).toHaveCount(0);
  await expect(ada.getByText("Nobody else can book it while you finish.")).toBeVisible();
});

test("times that only one's own hold is in the way of are not said to be someone else's", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  const others = await bob.locator('button[data-state="held"]').count();
  expect(others).toBeGreaterThan(1);
  await ada.getByRole("button", { name: "Other times" }).click();
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "mine");
  await expect(ada.locator('button[data-state="held"]')).toHaveCount(0);
});
