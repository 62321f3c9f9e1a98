// What must not wait for the app: theme and language, so that nothing flashes; a greeting to the page around a frame; and an ear for what breaks.
import { NAME_PREFIX, type Surroundings } from "../lib/embed-protocol";
import { browserLanguages, warmUp } from "../lib/browser-locale";
import { supportedLanguage } from "../lib/supported-language";
import { readChoice } from "../lib/stored-choice";
import { watchPageErrors } from "./page-errors";

/** What embed.js has written into the name of its frame. */
function surroundings(): Partial<Surroundings> {
  if (!window.name.startsWith(NAME_PREFIX)) return {};
  try {
    const around = JSON.parse(window.name.slice(NAME_PREFIX.length)) as Partial<Surroundings>;
    // Reaches the page around only if its origin is what it said.
    if (around.origin) window.parent.postMessage({ holdfast: "hello" }, around.origin);
    return around;
  } catch {
    return {};
  }
}

const root = document.documentElement;
watchPageErrors();
let around: Partial<Surroundings> = {};
if (window.parent !== window) {
  root.setAttribute("data-embedded", "");
  around = surroundings();
}
const theme = around.theme ?? readChoice("theme");
if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
root.lang = supportedLanguage([around.language, readChoice("language"), ...browserLanguages()]);
warmUp(root.lang);
