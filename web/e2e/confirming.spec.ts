// From the form to the booking, whatever gets lost on the way.
import { readFile } from "node:fs/promises";
import { oneHasBooked, oneHasFilledIn, oneHoldsAnotherWaits } from "./scenes";
import { bookedHeading, confirmButton, fillDetails, heldBar } from "./studio";
import { expect, test } from "./visitors";

test("a lost answer is asked for again and gives the same booking", async ({ invite, request }) => {
  const { ada } = await oneHasFilledIn({ invite, request });
  const uids: string[] = [];
  await ada.route("**/api/v1/bookings", async (route) => {
    const response = await route.fetch();
    uids.push(((await response.json()) as { uid: string }).uid);
    if (uids.length === 1) await route.abort("connectionreset");
    else await route.fulfill({ response });
  });
  await confirmButton(ada).click();
  await expect(bookedHeading(ada)).toBeVisible();
  expect(uids).toHaveLength(2);
  expect(uids[0]).toBe(uids[1]);
});

test("a hold is kept while its booking is sent, however long that takes", async ({ serve }) => {
  const { fixtures } = await serve({ ttlMs: 2500 });
  const { ada, bob, eventType, time } = await oneHoldsAnotherWaits(fixtures);
  await fillDetails(ada, eventType);
  let answer: () => void = () => undefined;
  const slowly = new Promise<void>((resolve) => (answer = resolve));
  await ada.route("**/api/v1/bookings", async (route) => {
    await slowly;
    await route.continue();
  });
  await confirmButton(ada).click();
  let beats = 0;
  ada.on("requestfinished", (request) => {
    if (request.url().endsWith("/presence/heartbeat")) beats += 1;
  });
  await expect.poll(() => beats).toBeGreaterThan(4);
  await expect(bob.getByTestId("line-heading")).toHaveText(`You are next in line for ${time}`);
  await expect(heldBar(ada)).toContainText("is held for you");
  answer();
  await expect(bookedHeading(ada)).toBeVisible();
  await expect(bob.getByTestId("lost-heading")).toHaveText(`${time} has just been booked`);
});

test("the server's errors stand at their fields, and the hold stays", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasFilledIn({ invite, request });
  await ada.route("**/api/v1/bookings", (route) =>
    route.fulfill({
      status: 400,
      contentType: "application/problem+json",
      json: {
        ...{ type: "about:blank", title: "", status: 400, code: "invalid_argument" },
        errors: [{ field: "booker.email", message: "is not an address" }],
      },
    }),
  );
  await confirmButton(ada).click();
  await expect(ada.getByLabel("E-mail")).toHaveAccessibleDescription(
    "Please check this: it is not an address.",
  );
  await expect(ada.getByLabel("E-mail")).toBeFocused();
  await expect(
    ada.getByRole("status").filter({ hasText: "Please check the marked fields." }),
  ).toBeVisible();
  await expect(ada.getByTestId("hold-heading")).toBeVisible();
  await ada.unroute("**/api/v1/bookings");
  await confirmButton(ada).click();
  await expect(bookedHeading(ada)).toBeVisible();
});

test("a click on confirm that is doubled books once", async ({ invite, request }) => {
  const { ada } = await oneHasFilledIn({ invite, request });
  let asked = 0;
  await ada.route("**/api/v1/bookings", async (route) => {
    asked += 1;
    await route.continue();
  });
  await confirmButton(ada).dblclick();
  await expect(bookedHeading(ada)).toBeVisible();
  expect(asked).toBe(1);
});

test("the booking can be put into a calendar from its own page, and no other site learns its key", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasBooked({ invite, request });
  await ada.getByRole("link", { name: "View, change or cancel" }).click();
  await ada.getByTestId("status").waitFor();
  const token = new URL(ada.url()).hash.replace("#token=", "");
  expect(token.length).toBeGreaterThan(20);
  for (const name of ["Google", "Outlook"]) {
    const href = await ada.getByRole("link", { name }).getAttribute("href");
    expect(href).toContain("calendar");
    expect(decodeURIComponent(href ?? "")).not.toContain(token);
  }
  const saving = ada.waitForEvent("download");
  await ada.getByRole("button", { name: "Calendar file" }).click();
  const file = await readFile(await (await saving).path(), "utf8");
  // Long lines are folded.
  const { pathname, hash } = new URL(ada.url());
  expect(file.replaceAll("\r\n ", "")).toMatch(new RegExp(`DESCRIPTION:http.*${pathname}${hash}`));

  await ada.getByRole("button", { name: "Cancel the booking" }).click();
  await ada.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(ada.getByTestId("status")).toHaveText("Cancelled");
  await expect(ada.getByRole("button", { name: "Calendar file" })).toHaveCount(0);
});

test("a request that is yet to be confirmed is not announced as a booking", async ({
  invite,
  request,
}) => {
  const { ada } = await oneHasFilledIn({ invite, request });
  await ada.route("**/api/v1/bookings", async (route) => {
    const response = await route.fetch();
    const json = (await response.json()) as object;
    await route.fulfill({ response, json: { ...json, status: "pending" } });
  });
  await confirmButton(ada).click();
  await expect(ada.getByRole("heading", { name: "Your request is in" })).toBeFocused();
  await expect(ada).toHaveTitle(/^Your request is in/);
  await expect(ada.getByRole("status").filter({ hasText: "Your request is in" })).toBeAttached();
  await expect(ada.getByText("It is yours")).toHaveCount(0);
});
