// Starts the app: its language, its cache of the server's state, and its pages.
import "./app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { firstLanguage, loadMessages } from "@/lib/i18n";
import { putZoneRight } from "@/lib/browser-locale";
import { startEmbedded } from "./embedded";
import { queryClient } from "./query-client";
import { Pages } from "./router";
import { I18nProvider } from "./i18n-provider";

/** On a slow line the page shows itself in the local faces rather than not at all. */
const LONGEST_WAIT_MS = 400;

async function typefacesOrSoon(): Promise<void> {
  const faces = ['1em "Figtree Variable"', '1em "Newsreader"'];
  const loaded = Promise.allSettled(faces.map((face) => document.fonts.load(face)));
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
}

/** On a slow phone each step takes long enough to be felt; between them the browser answers to what was touched meanwhile. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/** React renders once more what broke, and then tells that it did, with what it was as the cause. */
const whatBroke = (error: unknown) => (error instanceof Error && error.cause) || error;

async function start(element: HTMLElement): Promise<void> {
  putZoneRight();
  // Without its texts a language is better replaced by English than waited for.
  const texts = loadMessages(firstLanguage()).catch(() => undefined);
  await Promise.all([typefacesOrSoon(), texts, nextTask()]);
  startEmbedded(element);
  // What breaks in a page is heard by the window, and told the operator from there (src/first-paint/page-errors.ts).
  const root = createRoot(element, {
    onCaughtError: (error) => reportError(error),
    onRecoverableError: (error) => reportError(whatBroke(error)),
  });
  // In pieces, for the same reason.
  startTransition(() =>
    root.render(
      <StrictMode>
        <I18nProvider>
          <QueryClientProvider client={queryClient}>
            <Pages />
          </QueryClientProvider>
        </I18nProvider>
      </StrictMode>,
    ),
  );
}

const element = document.getElementById("root");
if (!element) throw new Error("The page has no #root.");
void start(element);
