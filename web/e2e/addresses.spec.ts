// Addresses as people really have them: with dates that are none, with what a mail program has added, of what has changed.
import { oneHasBooked } from "./scenes";
import { freeTimes, mostFreeDay } from "./studio";
import { expect, test } from "./visitors";

test("what an address asks for and cannot be had is passed over", async ({ invite, request }) => {
  const { eventType } = await mostFreeDay(request);
  const ada = await invite();
  for (const [query, zone] of [
    ["date=garbage", "Europe/Berlin"],
    ["date=2026-02-31&zone=Mars&duration=7", "Europe/Berlin"],
    ["date=2099-01-01", "Europe/Berlin"],
    ["date=2020-01-01&zone=%2B02:00", "Europe/Berlin"],
    ["zone=america/new_york", "America/New York"],
  ]) {
    await ada.goto(`/default/${eventType.slug}?${query}`);
    await expect(freeTimes(ada).first()).toBeVisible();
    await expect(ada.getByRole("button", { name: `Time zone: ${zone}` })).toBeVisible();
  }
});

test("a link to a booking opens with what a mail program has added, and no other", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasBooked({ invite, request });
  const link = ada.getByRole("link", { name: "View, change or cancel" });
  const address = new URL((await link.getAttribute("href")) ?? "", ada.url()).href;
  const open = async (href: string) => {
    await ada.goto("about:blank");
    await ada.goto(href);
  };
  await open(`${address}”`);
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeVisible();
  for (const wrong of [`${address.slice(0, -1)}”`, address.replace(/token=.*/, "token=%00")]) {
    await open(wrong);
    await expect(ada.getByRole("heading", { name: "This link does not open" })).toBeVisible();
  }
  // Into the same tab, where only what stands after the # is another.
  await ada.goto(address);
  await expect(ada.getByRole("heading", { name: "Your booking" })).toBeVisible();
  await ada.goto(address.replace(/token=.*/, "token=none"));
  await expect(ada.getByRole("heading", { name: "This link does not open" })).toBeVisible();
  await ada.getByRole("link", { name: "See what can be booked" }).click();
  await expect(ada.getByRole("heading", { name: "What would you like to book?" })).toBeVisible();
});
