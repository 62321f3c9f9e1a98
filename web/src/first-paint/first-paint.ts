// What must not wait for the app: theme and language, so that nothing flashes; a greeting to the page around a frame; and an ear for what breaks.
import { NAME_PREFIX, type HostContext } from "../lib/embed-protocol";
import { browserLanguages, warmUp } from "../lib/browser-locale";
import { supportedLanguage } from "../lib/supported-language";
import { readChoice } from "../lib/stored-choice";
import { watchPageErrors } from "./page-errors";

/** What embed.js has written into the name of its frame. */
function hostContext(): Partial<HostContext> {
  if (!window.name.startsWith(NAME_PREFIX)) return {};
  try {
    const context = JSON.parse(window.name.slice(NAME_PREFIX.length)) as Partial<HostContext>;
    // Reaches the page around only if its origin is what it said.
    if (context.origin) window.parent.postMessage({ holdfast: "hello" }, context.origin);
    return context;
  } catch {
    return {};
  }
}

const root = document.documentElement;
watchPageErrors();
let context: Partial<HostContext> = {};
if (window.parent !== window) {
  root.setAttribute("data-embedded", "");
  context = hostContext();
}
const theme = context.theme ?? readChoice("theme");
if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
root.lang = supportedLanguage([context.language, readChoice("language"), ...browserLanguages()]);
warmUp(root.lang);
