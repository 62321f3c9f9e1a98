// What the page says while a time is held.
import { oneHolds, oneHoldsAnotherSees, oneLooks } from "./scenes";
import { confirmButton, fillDetails, freeTimes, heldBar, labelOf, timeButton } from "./studio";
import { expect, test } from "./visitors";

test("the last two minutes are warned of, and can be extended, also when the answer is lost", async ({
  serve,
}) => {
  const { fixtures } = await serve({ ttlMs: 15_000, deadlineMs: 115_000 });
  const { ada } = await oneHolds(fixtures);
  const warned = ada.getByRole("status").filter({ hasText: /1 minute \d+ seconds left/ });
  await expect(warned).toContainText("You can keep it longer.", { timeout: 25_000 });
  const longer = ada.getByRole("button", { name: "Keep it longer" });
  await ada.route("**/presence/extend", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await longer.click();
  await expect(ada.getByRole("timer")).toHaveText(/^6:/);
  await expect(longer).toHaveCount(0);
  await expect(heldBar(ada)).toBeFocused();
});

test("a time that is chosen while the server is away is not said to be held until it is", async ({
  serve,
}) => {
  const { fixtures, stop, start } = await serve({ ttlMs: 15_000 });
  const { ada, path, eventType } = await oneLooks(fixtures);
  await stop();
  const time = await labelOf(freeTimes(ada).first());
  await freeTimes(ada).first().click();
  await expect(heldBar(ada)).toHaveText(new RegExp(`^Holding .*${time} to `));
  await expect(ada.getByText("We cannot reach the server. Trying again.").last()).toBeVisible();
  await expect(ada).toHaveTitle(/^No connection/);
  await expect(ada.getByText("Nobody else can book it")).toHaveCount(0);
  await fillDetails(ada, eventType);
  await confirmButton(ada).click({ force: true });
  await expect(ada.getByText("The time is not yours yet.")).toBeVisible();

  await start();
  await expect(heldBar(ada)).toHaveText(new RegExp(`${time} to .* is held for you$`));
  await expect(ada.getByText("The time is not yours yet.")).toHaveCount(0);
  const bob = await fixtures.invite();
  await bob.goto(path);
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
});

test("a hold goes on where the timer beside the page cannot be had", async ({ serve }) => {
  const { fixtures } = await serve({ ttlMs: 2500 });
  const { ada, bob, time } = await oneHoldsAnotherSees({
    ...fixtures,
    invite: async (options) => {
      const page = await fixtures.invite(options);
      await page.route("**/heartbeat-timer*", (route) => route.abort());
      return page;
    },
  });
  let beats = 0;
  ada.on("requestfinished", (request) => {
    if (request.url().endsWith("/presence/heartbeat")) beats += 1;
  });
  await expect.poll(() => beats).toBeGreaterThan(4);
  await expect(heldBar(ada)).toContainText("is held for you");
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
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
