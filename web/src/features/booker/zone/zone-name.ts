// What a time zone is called on the page.

/** Browsers list some zones by names that the time-zone database has replaced. */
const RENAMED: Record<string, string> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho Chi Minh",
  "Europe/Kiev": "Europe/Kyiv",
};

export function zoneName(timeZone: string): string {
  return RENAMED[timeZone] ?? timeZone.replaceAll("_", " ");
}
