// A tab that nobody sees keeps its hold.
import { type HideableTab, openHideableTab } from "./hidden-tab";
import { bookAway, freeOn, freeTimes, labelOf, mostFreeDay, timeButton } from "./studio";
import { expect, test } from "./visitors";

const TTL_MS = Number(process.env["HOLDFAST_HOLD_TTL_MS"] ?? 15_000);

let tab: HideableTab | undefined;

test.afterEach(async () => {
  await tab?.close();
  tab = undefined;
});

test("a tab that is hidden for longer than a lease keeps its hold", async ({
  invite,
  request,
  baseURL,
  launchOptions,
}) => {
  test.setTimeout(60_000 + 3 * TTL_MS);
  const { path } = await mostFreeDay(request);
  const bob = await invite();
  await bob.goto(path);
  const time = await labelOf(freeTimes(bob).first());

  const ada = await openHideableTab(`${baseURL}${path}`, launchOptions);
  tab = ada;
  const told = () => ada.ask("document.querySelector('[data-testid=hold-heading]')?.textContent");
  const isFree = "document.querySelector('button[data-state=free]') !== null";
  await expect.poll(() => ada.ask(isFree)).toBe(true);
  await ada.ask("document.querySelector('button[data-state=free]').click()");
  await expect.poll(told).toContain("is held for you");
  const seen = timeButton(bob, time);
  await expect(seen).toHaveAttribute("data-state", "held");

  await ada.hide();
  await expect.poll(() => ada.ask("document.visibilityState")).toBe("hidden");
  const states = await seen.evaluate(
    (button, ms) =>
      new Promise<(string | null)[]>((resolve) => {
        const states = [button.getAttribute("data-state")];
        const changes = new MutationObserver(() => states.push(button.getAttribute("data-state")));
        changes.observe(button, { attributeFilter: ["data-state"] });
        setTimeout(() => resolve(states), ms);
      }),
    3 * TTL_MS,
  );
  expect(states).toEqual(["held"]);
  expect(await ada.ask("document.visibilityState")).toBe("hidden");

  await ada.show();
  await expect.poll(() => ada.ask("document.visibilityState")).toBe("visible");
  expect(await told()).toContain("is held for you");
  expect(await ada.ask("document.body.innerText")).toContain("Nobody else can book it");
  await expect(seen).toHaveAttribute("data-state", "held");
});

test("a tab that is hidden watches no times, and shows them as they are when it is seen again", async ({
  request,
  baseURL,
  launchOptions,
}) => {
  const watchers = async () => {
    const metrics = await (await request.get("/metrics")).text();
    return Number(/^holdfast_sse_watchers\{stream="slots"\} (\d+)$/m.exec(metrics)?.[1]);
  };
  // Pages that were closed a moment ago have ended their streams, too.
  await expect.poll(watchers).toBe(0);
  const day = await mostFreeDay(request);
  const ada = await openHideableTab(`${baseURL}${day.path}`, launchOptions);
  tab = ada;
  await expect.poll(watchers).toBe(1);
  const firstState = () => ada.ask("document.querySelector('button[data-state]')?.dataset.state");
  await expect.poll(firstState).toBe("free");

  await ada.hide();
  await expect.poll(watchers).toBe(0);
  const [first] = await freeOn(request, day);
  await bookAway(request, day, first?.start ?? "");
  expect(await firstState()).toBe("free");
  await ada.show();
  await expect.poll(firstState).toBe("gone");
});
