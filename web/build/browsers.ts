// The browsers that the pages are meant for, said once, under "browserslist" in package.json, as the tools of the build want to hear it.
import browserslist from "browserslist";

/** Those that are told by version; the others are always the newest. */
const NAMES: Partial<Record<string, string>> = {
  chrome: "chrome",
  edge: "edge",
  firefox: "firefox",
  safari: "safari",
  ios_saf: "ios",
};

/** The oldest version of each: `safari17.5`. */
export function oldestBrowsers(): string[] {
  const oldest = new Map<string, number>();
  for (const browser of browserslist(undefined, { path: import.meta.dirname })) {
    const [name = "", version = ""] = browser.split(" ");
    const known = NAMES[name];
    // A range of versions, as of iOS, begins with the oldest.
    if (known) oldest.set(known, Math.min(oldest.get(known) ?? Infinity, parseFloat(version)));
  }
  return [...oldest].map(([name, version]) => `${name}${version}`);
}
