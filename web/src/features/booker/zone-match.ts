// Whether somebody who looks for a time zone means this one.

/** Other names by which people look for a zone: today's spelling, the German one, and large cities without a zone of their own. */
const alsoKnown: Record<string, string> = {
  "Africa/Cairo": "Kairo",
  "America/New York": "Washington Boston",
  "Asia/Calcutta": "Kolkata Mumbai Delhi Bangalore",
  "Asia/Katmandu": "Kathmandu",
  "Asia/Rangoon": "Yangon",
  "Asia/Saigon": "Ho Chi Minh",
  "Asia/Shanghai": "Beijing Peking",
  "Asia/Singapore": "Singapur",
  "Asia/Tokyo": "Tokio Osaka",
  "Europe/Athens": "Athen",
  "Europe/Berlin": "Köln München Hamburg Frankfurt",
  "Europe/Brussels": "Brüssel",
  "Europe/Copenhagen": "Kopenhagen",
  "Europe/Kiev": "Kyiv Kiew",
  "Europe/Lisbon": "Lissabon",
  "Europe/Moscow": "Moskau",
  "Europe/Prague": "Prag",
  "Europe/Rome": "Rom Mailand",
  "Europe/Vienna": "Wien",
  "Europe/Warsaw": "Warschau",
  "Europe/Zurich": "Genf Basel Bern",
};

/** Plain words: without accents, points and the signs that zones are written with. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(/[\u0300-\u036f.'’]/g, "");
  return plain
    .toLowerCase()
    .split(/[\s_/]+/)
    .filter(Boolean);
}

/** Each word that was typed begins a word of the zone's names, in any order. */
export function isMeant(zone: string, typed: string): boolean {
  const names = wordsOf(`${zone} ${alsoKnown[zone] ?? ""}`);
  return wordsOf(typed).every((word) => names.some((name) => name.startsWith(word)));
}
