// People look for a zone by whatever they call the place, or by how far it is from Greenwich.
import { expect, it } from "vitest";
import { parseTimeZone } from "@/lib/browser-locale";
import { isMeant, largeZones, namesOf } from "./zone-match";

it.each([
  ["Australia/Lord Howe", "GMT+11", "lord"],
  ["Australia/Lord Howe", "GMT+11", "Lord_Howe"],
  ["America/New York", "GMT-5", " york  NEW "],
  ["America/St Johns", "GMT-3:30", "St. John's"],
  ["America/Sao Paulo", "GMT-3", "são paulo"],
  ["Asia/Kathmandu", "GMT+5:45", "katmandu"],
  ["Asia/Kathmandu", "GMT+5:45", "+05:45"],
  ["Asia/Kathmandu", "GMT+5:45", "UTC+5"],
  ["Europe/Kyiv", "GMT+2", "Kiev"],
  ["Europe/Berlin", "GMT+1", "munchen"],
  ["Europe/Berlin", "GMT+1", "CET"],
  ["Europe/Berlin", "GMT+1", "utc +1"],
  ["Europe/Berlin", "GMT+1", "GMT+01:00 berlin"],
  ["America/Los Angeles", "GMT-8", "\u22128"],
  ["Europe/London", "GMT", "gmt"],
  ["Europe/London", "GMT", "gmt+"],
  ["Europe/Vienna", "GMT+1", "Wien"],
  ["UTC", "GMT", ""],
])("%s, %s, is meant by %o", (zone, offset, typed) => {
  expect(isMeant(namesOf(zone, offset), typed)).toBe(true);
});

it("knows the large zones by names that are zones, for browsers that list none", () => {
  expect(largeZones).toContain("America/New_York");
  expect(largeZones.filter((name) => parseTimeZone(name) === null)).toEqual([]);
});

it.each([
  ["Asia/Qyzylorda", "GMT+5", "lord"],
  ["America/Creston", "GMT-7", "EST"],
  ["Europe/Berlin", "GMT+1", "berlin paris"],
  ["Europe/Berlin", "GMT+1", "gmt"],
  ["Europe/Berlin", "GMT+1", "-1"],
  ["Australia/Sydney", "GMT+11", "+1"],
])("%s, %s, is not meant by %o", (zone, offset, typed) => {
  expect(isMeant(namesOf(zone, offset), typed)).toBe(false);
});
