// Until when a booking can be changed by whoever has its link, and what is said afterwards.
import { expect, it } from "vitest";
import type { Booking } from "@/api/types";
import { endOf } from "./booking-end";

const at = (time: string) => Date.parse(`2027-03-10T${time}:00Z`);
const booking = (status: Booking["status"]) =>
  ({ status, start: "2027-03-10T09:00:00Z", end: "2027-03-10T10:00:00Z" }) as Booking;

it("can be changed until its start", () => {
  expect(endOf(undefined, at("08:59"))).toBeNull();
  expect(endOf(booking("pending"), at("08:59"))).toBeNull();
  expect(endOf(booking("confirmed"), at("08:59"))).toBeNull();
  expect(endOf(booking("confirmed"), at("09:00"))).toBe("manage.end.begun");
  expect(endOf(booking("confirmed"), at("10:00"))).toBe("manage.end.over");
});

it("says what became of it, whenever that is asked", () => {
  for (const time of ["08:00", "09:30", "11:00"]) {
    expect(endOf(booking("cancelled"), at(time))).toBe("manage.end.cancelled");
    expect(endOf(booking("no_show"), at(time))).toBe("manage.end.missed");
  }
});
