// The night on which the clocks go back: times that come twice are two times.
import type { APIRequestContext } from "@playwright/test";
import { bookedHeading, heldBar, timeButton } from "./studio";
import { expect, test } from "./visitors";

const ZONE = "Europe/Berlin";
const HORIZON_DAYS = 400;

/** The next last Sunday of October that is not today. */
function nightOfTheClocks(): string {
  const now = new Date();
  for (const year of [now.getUTCFullYear(), now.getUTCFullYear() + 1]) {
    const end = new Date(Date.UTC(year, 9, 31));
    end.setUTCDate(31 - end.getUTCDay());
    if (end.getTime() - now.getTime() > 2 * 86_400_000) return end.toISOString().slice(0, 10);
  }
  throw new Error("There is no such Sunday.");
}

interface Night {
  path: string;
  /** Other tests find what is offered as they know it. */
  withdraw: () => Promise<void>;
}

/** Offers something in that night. */
async function offerTheNight(request: APIRequestContext, date: string): Promise<Night> {
  const key = process.env["HOLDFAST_ADMIN_KEY"];
  if (!key) throw new Error("HOLDFAST_ADMIN_KEY must be the key that the server was started with.");
  const headers = { authorization: `Bearer ${key}` };
  const make = async (what: string, data: object): Promise<string> => {
    const answer = await request.post(`/api/v1/${what}`, { headers, data });
    if (!answer.ok()) throw new Error(`No ${what} could be made: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  };
  const name = "Night watch";
  const slug = `night-watch-${Date.now()}`;
  const hours = [{ start: "01:00", end: "04:00" }];
  const overrides = [{ date, hours }];
  const schedule_id = await make("schedules", { name, time_zone: ZONE, overrides });
  const resource = await make("resources", { name, kind: "room", time_zone: ZONE });
  const id = await make("event-types", {
    ...{ slug, title: name, schedule_id, horizon_days: HORIZON_DAYS },
    durations_minutes: [30],
    requirements: [{ resource_ids: [resource] }],
  });
  return {
    path: `/default/${slug}?date=${date}&zone=${ZONE}`,
    withdraw: async () => {
      const data = { active: false };
      const answer = await request.patch(`/api/v1/event-types/${id}`, { headers, data });
      expect(answer.ok(), await answer.text()).toBe(true);
    },
  };
}

test("times that come twice are told apart, and both can be had", async ({ invite, request }) => {
  const { path, withdraw } = await offerTheNight(request, nightOfTheClocks());
  const [ada, bob] = [await invite(), await invite()];
  await ada.goto(path);
  await bob.goto(path);
  const times = ada.locator("button[data-state=free] > span:first-child");
  await expect(times).toHaveText([
    ...["01:00", "01:30", "02:00 GMT+2", "02:30 GMT+2"],
    ...["02:00 GMT+1", "02:30 GMT+1", "03:00", "03:30"],
  ]);

  await timeButton(ada, "02:30 GMT+2").click();
  await expect(heldBar(ada)).toContainText("02:30 GMT+2 to 02:00 GMT+1 is held for you");
  await expect(timeButton(bob, "02:30 GMT+2")).toHaveAttribute("data-state", "held");
  await expect(timeButton(bob, "02:30 GMT+1")).toHaveAttribute("data-state", "free");
  await timeButton(bob, "02:30 GMT+1").click();
  await expect(heldBar(bob)).toContainText("02:30 GMT+1 to 03:00 is held for you");

  for (const page of [ada, bob]) {
    await page.getByRole("timer").filter({ hasText: ":" }).waitFor();
    await page.getByLabel("Name").fill("Ada Example");
    await page.getByLabel("E-mail").fill("ada@example.org");
    await page.getByRole("button", { name: "Confirm booking" }).click();
    await bookedHeading(page).waitFor();
  }
  await expect(ada.getByText("02:30 GMT+2 – 02:00 GMT+1")).toBeVisible();
  await expect(bob.getByText("02:30 GMT+1 – 03:00 GMT+1")).toBeVisible();
  await ada.getByRole("link", { name: "View, change or cancel" }).click();
  await expect(ada.getByText("02:30 GMT+2 – 02:00 GMT+1")).toBeVisible();
  await withdraw();
});
