// A tab that nobody sees keeps its hold.
import { oneHoldsAnotherSees } from "./scenes";
import { expect, test, TTL_MS } from "./story";

test("a tab that is hidden for longer than a lease keeps its hold", async ({ invite, request }) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.hide();
  await ada.isSeen(false);
  expect(await bob.time(time).statesFor(3 * TTL_MS)).toEqual(["held"]);
  await ada.isSeen(false);

  await ada.show();
  await ada.isSeen(true);
  await ada.testId("hold-heading").shows({ text: /is held for you$/ });
  await ada.text(/Nobody else can book it/).shows();
});
