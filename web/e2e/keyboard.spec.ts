// The whole flow by keyboard alone.
import type { Page } from "@playwright/test";
import { bookedHeading, freeTimes, labelOf, mostFreeDay, timeButton } from "./studio";
import { expect, test } from "./visitors";

/** Tabs until the wanted thing has the focus; far fewer steps than this are needed. */
async function tabTo(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("The keyboard does not get there.");
}

const focusedName = (page: Page) => async (name: string) =>
  page.evaluate(
    (wanted) =>
      document.activeElement instanceof HTMLElement &&
      (document.activeElement.getAttribute("name") === wanted ||
        document.activeElement.innerText.startsWith(wanted)),
    name,
  );

test("a visitor chooses a day and a time, fills in the form and books", async ({
  invite,
  request,
}) => {
  const { path, eventType, date } = await mostFreeDay(request);
  const ada = await invite();
  const isOn = focusedName(ada);
  await ada.goto(path);
  await freeTimes(ada).first().waitFor();

  const day = String(Number(date.slice(8)));
  await tabTo(ada, () => isOn(day));
  await ada.keyboard.press("ArrowDown");
  await ada.keyboard.press("ArrowUp");
  await ada.keyboard.press("Enter");

  const time = await labelOf(freeTimes(ada).first());
  await tabTo(ada, () => isOn(time));
  await ada.keyboard.press("Enter");
  await expect(ada.getByTestId("hold-heading")).toBeFocused();

  await ada.getByRole("timer").filter({ hasText: ":" }).waitFor();
  await tabTo(ada, () => isOn("booker.name"));
  await ada.keyboard.type("Ada Example");
  await ada.keyboard.press("Enter");
  await expect(ada.locator('[name="booker.email"]')).toBeFocused();
  await ada.keyboard.type("ada@example.org");
  for (const { key, kind, required } of eventType.questions) {
    if (!required) continue;
    await tabTo(ada, () => isOn(`answers.${key}`));
    if (kind === "checkbox") await ada.keyboard.press("Space");
    else if (kind === "select") await ada.keyboard.press("ArrowDown");
    else await ada.keyboard.type("Two pianos");
  }
  await tabTo(ada, async () => (await isOn("Confirm booking")) || (await isOn("Send request")));
  await ada.keyboard.press("Enter");
  await expect(bookedHeading(ada)).toBeFocused();
});

test("the tooltip of a held time shows on focus and goes with Escape", async ({
  invite,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const [ada, bob] = [await invite(), await invite()];
  await ada.goto(path);
  await bob.goto(path);
  const time = await labelOf(freeTimes(ada).first());
  await freeTimes(ada).first().click();
  await expect(timeButton(bob, time)).toHaveAttribute("data-state", "held");
  await timeButton(bob, time).focus();
  const tip = bob.getByRole("tooltip").filter({ visible: true });
  await expect(tip).toHaveCount(1);
  await bob.keyboard.press("Escape");
  await expect(tip).toHaveCount(0);
});

test("the zone is found by typing", async ({ invite, request }) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(path);
  const opener = ada.getByRole("button", { name: /^Time zone: Europe\/Berlin/ });
  await opener.focus();
  await ada.keyboard.press("Enter");
  await ada.getByRole("searchbox").waitFor();
  await expect(ada.getByRole("searchbox")).toBeFocused();
  await ada.keyboard.type("tokyo");
  await expect(ada.getByRole("listbox").getByRole("option")).toHaveCount(1);
  await ada.keyboard.press("ArrowDown");
  await ada.keyboard.press("Enter");
  await expect(ada.getByRole("button", { name: /^Time zone: Asia\/Tokyo/ })).toBeFocused();
  await expect(ada).toHaveURL(/zone=Asia/);
});
