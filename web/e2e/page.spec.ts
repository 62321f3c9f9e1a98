// What holds for the page as a whole: little is loaded, languages, and the manage page.
import { gzipSync } from "node:zlib";
import { parseDate } from "@internationalized/date";
import { freeTimes, labelOf, mostFreeDay } from "./studio";
import { expect, test } from "./visitors";

const MONTHS =
  "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ");

const MOST_SCRIPT_BYTES = 150_000;

test("the booking page needs at most 150 kB of compressed script", async ({ invite, request }) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite();
  const scripts: Promise<Buffer>[] = [];
  ada.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".js")) scripts.push(response.body());
  });
  await ada.goto(path);
  await freeTimes(ada).first().waitFor();
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
});

test("the page speaks German, and counts hours and weekdays as its visitors do", async ({
  invite,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite({ locale: "de-DE" });
  await ada.goto(path);
  await expect(ada.getByLabel("Sprache")).toHaveValue("de");
  await expect(ada.getByRole("columnheader", { includeHidden: true }).first()).toHaveText("Mo");
  const joe = await invite({ locale: "en-US" });
  await joe.goto(path);
  await expect(joe.getByRole("columnheader", { includeHidden: true }).first()).toHaveText("Sun");
  await expect(freeTimes(joe).first()).toHaveText(/(AM|PM)/);
  await joe.getByRole("button", { name: "Clock: 12 h" }).click();
  await expect(freeTimes(joe).first()).not.toHaveText(/(AM|PM)/);
});

test("how long something takes is said in the same words everywhere", async ({
  invite,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(path);
  await freeTimes(ada).first().waitFor();
  const choices = await ada
    .getByRole("group", { name: "Duration" })
    .locator("label")
    .allInnerTexts();
  expect(choices.length).toBeGreaterThan(1);
  await ada.goto("/");
  await expect(ada.getByRole("link", { name: eventType.title })).toContainText(choices.join(" · "));
});

test("the whole flow in German, on a narrow phone, without motion, at the other end of the world", async ({
  invite,
  request,
}) => {
  const { path, eventType, date } = await mostFreeDay(request);
  const ada = await invite({
    locale: "de-DE",
    timezoneId: "Pacific/Kiritimati",
    viewport: { width: 360, height: 740 },
    reducedMotion: "reduce",
    hasTouch: true,
  });
  await ada.goto(path.replace(/&zone=.*/, ""));
  await expect(ada.getByRole("button", { name: /^Zeitzone: Pacific\/Kiritimati/ })).toBeVisible();
  const time = await labelOf(freeTimes(ada).first());
  const { day, month } = parseDate(date);
  await freeTimes(ada).first().tap();
  await expect(ada.getByTestId("hold-heading")).toContainText(
    `${day}. ${MONTHS[month - 1] ?? ""}, ${time} bis`,
  );
  await ada.getByRole("timer").filter({ hasText: ":" }).waitFor();
  await ada.getByLabel("Name").fill("Ada Beispiel");
  await ada.getByLabel("E-Mail").fill("ada@example.org");
  await ada.locator(`[name="answers.${eventType.questions[0]?.key ?? ""}"]`).fill("Zwei Flügel");
  await ada.getByRole("button", { name: "Verbindlich buchen" }).tap();
  await expect(ada.getByRole("heading", { name: "Die Zeit gehört Ihnen" })).toBeFocused();
  await ada.getByRole("link", { name: "Ansehen, ändern oder absagen" }).tap();
  await expect(ada.getByTestId("status")).toHaveText("Bestätigt");
});

test("a zone half an hour off has its own times on its own days", async ({ invite, request }) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(path);
  const inBerlin = await labelOf(freeTimes(ada).first());
  const joe = await invite({ timezoneId: "America/St_Johns" });
  await joe.goto(path.replace(/zone=.*/, "zone=America/St_Johns"));
  await freeTimes(joe).first().waitFor();
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const apart = minutes(inBerlin) - minutes(await labelOf(freeTimes(joe).first()));
  expect([210, 270]).toContain(((apart % 1440) + 1440) % 1440);
});

test("today is never read out as the first date that can be had when it cannot", async ({
  invite,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const ada = await invite();
  await ada.goto(path.replace(/\?.*/, ""));
  await freeTimes(ada).first().waitFor();
  const names = await ada
    .getByRole("grid")
    .locator("[aria-label]")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label")));
  expect(names.length).toBeGreaterThan(27);
  expect(names.filter((name) => /first available|last available/i.test(name ?? ""))).toEqual([]);
});
