// Readers of other languages, in dark rooms, and with browsers that say little of themselves.
import { mostFreeDay } from "../studio";
import { bookedHeading, confirmButton, fillDetails, takeFirst } from "./scenes";
import { expect, test } from "./story";

test("the whole flow in German, in the dark", async ({ invite, request }) => {
  const { path, eventType, date } = await mostFreeDay(request);
  const ada = await invite({ language: "de-DE", scheme: "dark" });
  await ada.goTo(path);
  const time = await takeFirst(ada);
  expect(await ada.part({ css: "body" }).isDark()).toBe(true);
  const held = `, ${Number(date.slice(-2))}\\. \\S+, ${time} bis .* wird für Sie gehalten$`;
  await ada.testId("hold-heading").shows({ text: new RegExp(held) });
  await fillDetails(ada, eventType, { name: "Name", email: "E-Mail" });
  await ada.role("button", "Verbindlich buchen").click();
  await ada.role("heading", "Die Zeit gehört Ihnen").shows({ isFocused: true });
  await ada.role("link", "Ansehen, ändern oder absagen").click();
  await ada.testId("status").shows({ text: "Bestätigt" });
});

test("a browser that names neither language nor zone books in English, in the light", async ({
  invite,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const ada = await invite({ language: null, zone: "Nowhere/At_All" });
  await ada.goTo(path.replace(/&zone=.*/, ""));
  await takeFirst(ada);
  expect(await ada.part({ css: "body" }).isDark()).toBe(false);
  await fillDetails(ada, eventType);
  await confirmButton(ada).click();
  await bookedHeading(ada).shows({ isFocused: true });
});
