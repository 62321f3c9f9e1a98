// The rules for the web app, among them the walls between the features, and the browsers that it is meant for.
import css from "@eslint/css";
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import baseline from "eslint-plugin-baseline-js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import { tailwind4 } from "tailwind-csstree";
import tseslint from "typescript-eslint";

const walls = [
  {
    files: ["src/features/booker/**"],
    forbidden: ["@/features/manage/*", "@/app/*"],
    why: "Features do not know each other or the app; src/app puts them together.",
  },
  {
    files: ["src/features/manage/**"],
    forbidden: ["@/features/booker/*", "@/app/*"],
    why: "Features do not know each other or the app; src/app puts them together.",
  },
  {
    files: ["src/embed/**"],
    forbidden: ["@/*", "react"],
    why: "The script for other sites carries nothing of the app but the words they speak with each other.",
  },
  {
    files: ["src/first-paint/**"],
    forbidden: ["@/*", "react", "@internationalized/*"],
    why: "What every page waits for is small, and runs in browsers in which nothing else does.",
  },
  {
    files: ["src/api/**", "src/components/**", "src/lib/**"],
    forbidden: ["@/features/*", "@/app/*"],
    why: "What everything stands on does not know what stands on it.",
  },
];

/** What is written for people is never read again, and what a browser says of its visitor is parsed in one place. */
const WRITES_FOR_PEOPLE = "src/lib/time-format.ts";
const PARSES_THE_BROWSER = "src/lib/browser-locale.ts";
const onlyWritten = `What a locale writes differs from browser to browser: ${WRITES_FOR_PEOPLE} writes it for people; data comes from @internationalized/date (src/lib/zoned-date.ts).`;
const onlyParsed = `What a browser says of its visitor may be anything: ${PARSES_THE_BROWSER} parses it.`;
const LOCALE_METHODS = "/^(toLocale.*String|toLocale(Upper|Lower)Case|localeCompare)$/";
const LOCALE_IMPORTS =
  "/^(DateFormatter|NumberFormatter|use(Date|Number|List)Formatter|useCollator|getLocalTimeZone)$/";

const localeRules = {
  "no-restricted-globals": [
    "error",
    { globals: [{ name: "Intl", message: onlyWritten }], checkGlobalObject: true },
  ],
  "no-restricted-syntax": [
    "error",
    { selector: `MemberExpression[property.name=${LOCALE_METHODS}]`, message: onlyWritten },
    { selector: `MemberExpression[property.value=${LOCALE_METHODS}]`, message: onlyWritten },
    { selector: `ImportSpecifier[imported.name=${LOCALE_IMPORTS}]`, message: onlyWritten },
  ],
  "no-restricted-properties": [
    "error",
    { object: "navigator", property: "language", message: onlyParsed },
    { object: "navigator", property: "languages", message: onlyParsed },
  ],
};

const available = "widely";
/** What a browser that does not know it leaves out, and shows the same page all the same. */
const onlyBetter = {
  allowProperties: ["text-size-adjust", "text-wrap", "forced-color-adjust", "view-transition-name"],
  allowSelectors: [
    "view-transition",
    "view-transition-group",
    "view-transition-old",
    "view-transition-new",
  ],
};

export default defineConfig(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "test-results", "playwright-report"] },
  {
    files: ["**/*.{js,ts,tsx}"],
    extends: [
      js.configs.recommended,
      ...tseslint.configs.strictTypeChecked,
      jsxA11y.flatConfigs.strict,
      reactHooks.configs.flat["recommended-latest"],
    ],
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
      ...localeRules,
    },
  },
  ...walls.map(({ files, forbidden, why }) => ({
    files,
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ group: forbidden, message: why }] }],
    },
  })),
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["**/*.test.{ts,tsx}"],
    plugins: { "baseline-js": baseline },
    rules: {
      "baseline-js/use-baseline": [
        "error",
        {
          available,
          includeWebApis: { preset: "type-aware" },
          includeJsBuiltins: { preset: "type-aware" },
        },
      ],
    },
  },
  {
    files: ["src/**/*.css"],
    plugins: { css },
    language: "css/css",
    languageOptions: { customSyntax: tailwind4 },
    rules: { "css/use-baseline": ["error", { available, ...onlyBetter }] },
  },
  {
    files: [WRITES_FOR_PEOPLE, PARSES_THE_BROWSER],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["**/*.test.{ts,tsx}", "e2e/**"],
    rules: { "max-lines-per-function": "off" },
  },
  // Tests take the browser's part, and say in its place what it may say.
  {
    files: ["src/**/*.test.{ts,tsx}", "src/lib/stub-intl.ts", "e2e/other-intl.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  { files: ["*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
