// Countdowns are right on a wrong clock, and exact on a right one.
import { expect, it } from "vitest";
import { createServerClock } from "./server-clock";

const header = (time: number) => new Date(time).toUTCString();

it("needs no correction when the clocks agree", () => {
  const clock = createServerClock(() => 10_500);
  clock.observe(10_400, 10_500, header(10_000));
  expect(clock.now()).toBe(10_500);
});

it("comes within a fraction of a second of the server's clock", () => {
  const ahead = 3_600_000;
  let local = 0;
  const clock = createServerClock(() => local);
  for (local = 1000; local < 9000; local += 370) {
    clock.observe(local, local + 5, header(Math.floor((local + ahead) / 1000) * 1000));
  }
  expect(Math.abs(clock.now() - local - ahead)).toBeLessThan(300);
});

it("starts over when the local clock was set", () => {
  const clock = createServerClock(() => 0);
  clock.observe(0, 10, header(100_000));
  clock.observe(50_000, 50_010, header(100_000));
  expect(clock.now()).toBeGreaterThanOrEqual(49_990);
  expect(clock.now()).toBeLessThanOrEqual(51_000);
});
