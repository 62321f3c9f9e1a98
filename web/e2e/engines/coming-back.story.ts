// A reload, Back, and Forward.
import { bookedHeading, confirmButton, fillDetails, oneHoldsAnotherSees } from "./scenes";
import { test } from "./story";

test("a reload goes on with the hold and with what was typed", async ({ invite, request }) => {
  const { eventType, ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await fillDetails(ada, eventType);
  await ada.reload();
  await ada.testId("hold-heading").shows({ text: new RegExp(`${time} to .* is held for you$`) });
  await ada.role("textbox", "E-mail").shows({ value: "ada@example.org" });
  await bob.time(time).shows({ state: "held" });
  await confirmButton(ada).click();
  await bookedHeading(ada).shows();
});

test("Back gives the time up and says so, and Forward holds it again", async ({
  invite,
  request,
}) => {
  const { ada, bob, time } = await oneHoldsAnotherSees({ invite, request });
  await ada.role("textbox", "Name").fill("Ada Example");
  await ada.back();
  await ada.text(`You let ${time} go.`).shows();
  await ada.time(time).shows({ state: "free" });
  await bob.time(time).shows({ state: "free" });

  await ada.forward();
  await ada.text(`${time} is held for you again.`).shows();
  await ada.role("textbox", "Name").shows({ value: "Ada Example" });
  await bob.time(time).shows({ state: "held" });
});
