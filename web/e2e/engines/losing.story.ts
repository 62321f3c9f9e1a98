// A hold that meets its deadline.
import { bookedHeading, confirmButton, fillDetails, isGranted, oneHolds } from "./scenes";
import { test } from "./story";

test("a hold that meets its deadline is lost, what was typed is kept, and near times are offered", async ({
  serve,
}) => {
  const { ada, eventType, time } = await oneHolds(await serve({ ttlMs: 2500, deadlineMs: 10_000 }));
  await fillDetails(ada, eventType);
  const lost = { text: "Your time to finish ran out", isFocused: true };
  await ada.testId("lost-heading").shows(lost);
  await confirmButton(ada).shows({ isDisabled: true });
  await ada.role("button", `Hold ${time} again`).isGone();

  // The first may touch the time that was lost, which is kept from who had it for a while.
  await ada.part({ css: "[data-testid=near-times] button", at: -1 }).click();
  await isGranted(ada);
  await ada.role("textbox", "E-mail").shows({ value: "ada@example.org" });
  await confirmButton(ada).click();
  await bookedHeading(ada).shows();
});
