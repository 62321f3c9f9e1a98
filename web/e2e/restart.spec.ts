// The server is stopped and started again while somebody holds a time and somebody waits for it.
import type { Page } from "@playwright/test";
import { oneHoldsAnotherWaits } from "./scenes";
import { heldBar, timeButton } from "./studio";
import { expect, type Serve, test } from "./visitors";

/** As in life, where a restart is over before a hold is. */
const USUAL_TTL_MS = 15_000;
const SHORT_TTL_MS = 2_500;
/** A turn is told within a second or two. */
const PROMPTLY = { timeout: 2000 };

/** On a server of their own, Ada holds a time for which Bob waits, and has begun with the form. */
async function heldAndAwaited(ttlMs: number, serve: Serve) {
  const server = await serve({ ttlMs });
  const scene = await oneHoldsAnotherWaits(server.fixtures);
  await scene.ada.getByLabel("Name").fill("Ada Example");
  return { ...scene, server };
}

const away = (page: Page) => page.getByText("We cannot reach the server").last();
const reconnecting = (page: Page) => page.getByText("Reconnecting. Times may be out of date.");

test("a restart is seen, and when it is over everybody is where they were", async ({ serve }) => {
  const { server, ada, bob, time } = await heldAndAwaited(USUAL_TTL_MS, serve);
  await server.stop();
  await expect(reconnecting(bob)).toBeVisible();
  await expect(away(ada)).toBeVisible();
  await expect(away(bob)).toBeVisible();

  await server.start();
  await expect(away(ada)).toHaveCount(0);
  await expect(away(bob)).toHaveCount(0);
  await expect(reconnecting(bob)).toHaveCount(0);
  await expect(heldBar(ada)).toContainText(time);
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
  await expect(ada.getByText("1 other person is waiting.")).toBeVisible();
  await expect(bob.getByTestId("line-heading")).toHaveText(`You are next in line for ${time}`);

  // What goes on after it is told live again.
  await ada.getByRole("button", { name: "Other times" }).click();
  await ada.getByRole("button", { name: "Let it go" }).click();
  await expect(heldBar(bob)).toContainText(time, PROMPTLY);
  await expect(timeButton(ada, time)).toHaveAttribute("data-state", "held");
});

test("after a restart that outlasts the hold one has the time, and the other is told so", async ({
  serve,
}) => {
  const { server, ada, bob, time } = await heldAndAwaited(SHORT_TTL_MS, serve);
  await server.stop();
  await expect(ada.getByText("The hold may have run out.").last()).toBeVisible();
  await server.start();

  const told = async (page: Page) => {
    if (await away(page).isVisible()) return "waits for the server";
    if (await heldBar(page).isVisible()) return "holds";
    if (await page.getByTestId("line-heading").isVisible()) return "waits";
    return page.getByTestId("lost-heading").textContent();
  };
  await expect
    .poll(async () => [await told(ada), await told(bob)].join(", "))
    .toMatch(new RegExp(`^(holds, waits|${time} went to the next person, holds)$`));
  await expect(ada.getByLabel("Name")).toHaveValue("Ada Example");
});
