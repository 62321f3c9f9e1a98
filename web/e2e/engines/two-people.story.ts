// Two people on one time: held, seen held, waited for, passed on, booked, let go.
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  oneHoldsAnotherSees,
  oneHoldsAnotherWaits,
} from "./scenes";
import { expect, test, TTL_MS } from "./story";

test("a time passes from the one who leaves to the one who waits, who books it", async ({
  invite,
  request,
}) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherWaits({ invite, request });
  await ada.text(/1 other person is waiting\./).shows();
  await ada.role("button", "Other times").click();
  await ada.time(time).shows({ state: "mine" });
  await ada.role("button", "Let it go").click();

  await bob.testId("hold-heading").shows({ text: /is held for you$/, isFocused: true });
  await bob.hasTitle(new RegExp(`It is your turn: ${time}`));
  await bob.says(/It is your turn/).shows({ live: "assertive" });
  await ada.time(time).shows({ state: "held" });

  await fillDetails(bob, eventType);
  await confirmButton(bob).click();
  await bookedHeading(bob).shows({ isFocused: true });
  await ada.time(time).shows({ state: "gone", isDisabled: true });
});

test("a hold is kept for longer than a lease, and nobody sees it free meanwhile", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  expect(await bob.time(time).statesFor(2 * TTL_MS)).toEqual(["held"]);
  await ada.testId("hold-heading").shows({ text: /is held for you$/ });
});

test("closing the tab lets the time go at once", async ({ serve }) => {
  // No lease runs out before the other looks: only a page that says good-bye frees its time.
  const { ada, bob, time } = await oneHoldsAnotherSees(await serve({ ttlMs: 60_000 }));
  await ada.close();
  await bob.time(time).shows({ state: "free" }, 2000);
});

test("closing the tab gives the time to the next in line at once", async ({ serve }) => {
  const { ada, bob, time } = await oneHoldsAnotherWaits(await serve({ ttlMs: 60_000 }));
  await ada.close();
  await bob
    .testId("hold-heading")
    .shows({ text: new RegExp(`${time} to .* is held for you$`) }, 2000);
});
