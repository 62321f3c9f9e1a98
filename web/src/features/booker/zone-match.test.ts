// People look for a zone by whatever they call the place.
import { expect, it } from "vitest";
import { isMeant } from "./zone-match";

it.each([
  ["Australia/Lord Howe", "lord"],
  ["Australia/Lord Howe", "Lord_Howe"],
  ["America/New York", " york  NEW "],
  ["America/St Johns", "St. John's"],
  ["America/Sao Paulo", "são paulo"],
  ["Asia/Katmandu", "kathmandu"],
  ["Europe/Kiev", "Kyiv"],
  ["Europe/Berlin", "munchen"],
  ["Europe/Vienna", "Wien"],
  ["UTC", ""],
])("%s is meant by %o", (zone, typed) => {
  expect(isMeant(zone, typed)).toBe(true);
});

it.each([
  ["Asia/Qyzylorda", "lord"],
  ["America/Creston", "EST"],
  ["Europe/Berlin", "berlin paris"],
])("%s is not meant by %o", (zone, typed) => {
  expect(isMeant(zone, typed)).toBe(false);
});
