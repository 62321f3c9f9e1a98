// Builds the web app into dist/, which the server embeds and serves under a strict content policy.
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { oldestBrowsers } from "./build/browsers.ts";
import { classicScripts } from "./build/classic-scripts.ts";
import { writeCompressed } from "./build/write-compressed.ts";

const server = process.env["HOLDFAST_URL"] ?? "http://127.0.0.1:3000";

/** Asks for the two latin typefaces together with the style sheet, so that text never changes face. */
function preloadTypefaces(): Plugin {
  return {
    name: "preload-typefaces",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /(newsreader-latin-400|figtree-latin-wght)-normal.*\.woff2$/.test(file))
          .map((file) => ({
            tag: "link",
            attrs: {
              rel: "preload",
              as: "font",
              type: "font/woff2",
              href: `/${file}`,
              crossorigin: "",
            },
            injectTo: "head" as const,
          })),
    },
  };
}

/** The page speaks languages that count days in one way, so the other calendars stay at home. */
function onlyGregorian(): Plugin {
  return {
    name: "only-gregorian",
    load: (id) =>
      id.endsWith("@internationalized/date/dist/private/createCalendar.mjs")
        ? `import { GregorianCalendar } from "./calendars/GregorianCalendar.mjs";
           export const createCalendar = () => new GregorianCalendar();`
        : null,
  };
}

/** Outside the server nobody fills in what the document has in braces. */
function emptyPlaces(): Plugin {
  return {
    name: "empty-places",
    apply: "serve",
    transformIndexHtml: (html) => html.replaceAll(/\{[{%].*?[}%]\}/gs, ""),
  };
}

/**
 * The document itself says what it shows, in its own style and typefaces; the scripts, which make it live, come after those.
 */
function scriptsAfterLooks(): Plugin {
  return {
    name: "scripts-after-looks",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html
          .replaceAll('<script type="module"', '<script type="module" fetchpriority="low"')
          .replaceAll('<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"'),
    },
  };
}

export default defineConfig({
  plugins: [
    // The accessible calendar speaks thirty languages; the page offers two.
    { ...optimizeLocales.vite({ locales: ["en-US", "de-DE"] }), enforce: "pre" },
    onlyGregorian(),
    react(),
    tailwindcss(),
    emptyPlaces(),
    preloadTypefaces(),
    scriptsAfterLooks(),
    classicScripts(),
    writeCompressed(),
  ],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: {
    target: oldestBrowsers(),
    cssTarget: oldestBrowsers(),
    // Nothing is inlined as data: the content policy allows no fonts or workers from data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": server } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
