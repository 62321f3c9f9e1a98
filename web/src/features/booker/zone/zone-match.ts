// Whether somebody who looks for a time zone means this one.

/**
 * Other names by which people look for a zone: an older spelling, the German one, countries and large cities that
 * it serves, and the letters by which the times of large zones go.
 */
const alsoKnown: Record<string, string> = {
  "Africa/Cairo": "Kairo",
  "America/Chicago": "Central Time CST CDT",
  "America/Denver": "Mountain Time MST MDT",
  "America/Los Angeles": "San Francisco Seattle Pacific Time PST PDT",
  "America/New York": "Washington Boston Eastern Time EST EDT",
  "Asia/Kolkata": "India Indien Calcutta Mumbai Bombay Delhi Bangalore IST",
  "Asia/Kathmandu": "Katmandu Nepal",
  "Asia/Yangon": "Rangoon",
  "Asia/Ho Chi Minh": "Saigon",
  "Asia/Shanghai": "Beijing Peking",
  "Asia/Singapore": "Singapur",
  "Asia/Tokyo": "Tokio Osaka JST",
  "Australia/Sydney": "Canberra AEST AEDT",
  "Europe/Athens": "Athen EET EEST",
  "Europe/Berlin": "Germany Deutschland Köln München Hamburg Frankfurt CET CEST MEZ MESZ",
  "Europe/Brussels": "Brüssel",
  "Europe/Copenhagen": "Kopenhagen",
  "Europe/Kyiv": "Kiev Kiew",
  "Europe/Lisbon": "Lissabon",
  "Europe/London": "GMT BST",
  "Europe/Moscow": "Moskau MSK",
  "Europe/Prague": "Prag",
  "Europe/Rome": "Rom Mailand",
  "Europe/Vienna": "Wien",
  "Europe/Warsaw": "Warschau",
  "Europe/Zurich": "Genf Basel Bern",
  "Pacific/Apia": "Samoa",
  "Pacific/Pago Pago": "Samoa",
  UTC: "GMT Zulu",
};

/** The zones that most people look for, where the browser has no list of its own. */
export const largeZones = Object.keys(alsoKnown).map((name) => name.replaceAll(" ", "_"));

/** All names of a zone, and how far it is from Greenwich, as one text that can be searched. */
export function namesOf(zone: string, offset: string): string {
  return [zone, alsoKnown[zone], offset].filter(Boolean).join(" ");
}

const OFFSET = /(?:utc|gmt)? ?([+-])0?(\d{1,2})(?::?(\d\d))?(?!\d)/g;

/** One way of writing an offset: `gmt+1`, `gmt+5:30`. */
function plainOffset(_: string, sign: string, hours: string, minutes = "00"): string {
  return ` gmt${sign}${hours}${minutes === "00" ? "" : `:${minutes}`} `;
}

/** Plain words: without accents, points and the signs that zones are written with. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(/[\u0300-\u036f.'’]/g, "");
  return plain
    .toLowerCase()
    .replace("\u2212", "-")
    .replace(OFFSET, plainOffset)
    .split(/[\s_/]+|[+-]$/)
    .filter(Boolean);
}

const isOffset = (word: string) => /^gmt[+-]/.test(word);

/** Each word that was typed begins a word of the zone's names, in any order; an offset is the zone's own. */
export function isMeant(names: string, typed: string): boolean {
  const known = wordsOf(names);
  return wordsOf(typed).every((word) =>
    isOffset(word)
      ? known.some((name) => name === word || name.startsWith(`${word}:`))
      : known.some((name) => name.startsWith(word) && !isOffset(name)),
  );
}
