// Runs the end-to-end tests against a running server: every page in the Chromium that is installed, and the stories in each engine.
import { defineConfig } from "@playwright/test";
import type { EngineName } from "./e2e/engines/engine";
import type { EngineOptions } from "./e2e/engines/story";

const ENGINES: EngineName[] = ["Chromium", "Firefox", "WebKit"];

export default defineConfig<object, EngineOptions>({
  testDir: "e2e",
  globalSetup: "./e2e/many-bookers.ts",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env["HOLDFAST_URL"] ?? "http://127.0.0.1:3999",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 860 },
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "pages", testMatch: "*.spec.ts" },
    ...ENGINES.map((engineName) => ({
      name: engineName,
      testMatch: "engines/*.story.ts",
      use: { engineName },
    })),
  ],
});
