// From the form to the booking, and what can be done with it.
import {
  bookedHeading,
  confirmButton,
  fillDetails,
  oneHolds,
  oneHoldsAnotherSees,
  isGranted,
} from "./scenes";
import { test } from "./story";

test("the server's errors stand at their fields, and the hold stays", async ({
  invite,
  request,
}) => {
  const { ada, eventType } = await oneHolds({ invite, request });
  await fillDetails(ada, eventType);
  const email = ada.role("textbox", "E-mail");
  // The page lets it pass, the server does not.
  await email.fill("ada@example..org");
  await confirmButton(ada).click();
  await email.shows({ description: /^Please check this: it .+\.$/, isFocused: true });
  await ada.says("Please check the marked fields.").shows();
  await ada.testId("hold-heading").shows({ text: /is held for you$/ });

  await email.fill("ada@example.org");
  await confirmButton(ada).click();
  await bookedHeading(ada).shows({ isFocused: true });
});

function hoursAfter(time: string, more: number): string {
  const [hours = "", minutes = ""] = time.split(":");
  return `${String(Number(hours) + more).padStart(2, "0")}:${minutes}`;
}

test("a booking is moved to another time and then cancelled, by its link", async ({
  invite,
  request,
}) => {
  const { ada, bob, eventType, time: old } = await oneHoldsAnotherSees({ invite, request });
  await fillDetails(ada, eventType);
  await confirmButton(ada).click();
  await bookedHeading(ada).shows();
  await bob.time(old).shows({ state: "gone" });

  await ada.role("link", "View, change or cancel").click();
  await ada.testId("status").shows({ text: "Confirmed" });
  await ada.role("button", "Move to another time").click();
  await ada.role("heading", "Choose a new time").shows({ isFocused: true });
  // The first one would overlap the old time.
  const next = hoursAfter(old, 3);
  await ada.time(next).click();
  await isGranted(ada);
  await bob.time(old).shows({ state: "gone" });
  await ada.role("button", "Move my booking here").click();
  await ada.text("Moved. The old time was given back.").shows();
  await ada.role("heading", "Your booking").shows({ isFocused: true });
  await ada.text(new RegExp(`\\b${next}\\b`)).shows();
  await bob.time(old).shows({ state: "free" });
  await bob.time(next).shows({ state: "gone" });

  await ada.role("button", "Cancel the booking").click();
  await ada.role("textbox", /^Reason/).fill("A broken string");
  await ada.role("button", "Yes, cancel it").click();
  await ada.testId("status").shows({ text: "Cancelled" });
  await ada.text("A broken string").shows();
  await bob.time(next).shows({ state: "free" });
});
