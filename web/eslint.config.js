// The rules of the house for the web app, among them the walls between the features.
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
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
    files: ["src/api/**", "src/components/**", "src/lib/**"],
    forbidden: ["@/features/*", "@/app/*"],
    why: "What everything stands on does not know what stands on it.",
  },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "test-results", "playwright-report"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
    },
  },
  ...walls.map(({ files, forbidden, why }) => ({
    files,
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ group: forbidden, message: why }] }],
    },
  })),
  {
    files: ["**/*.test.{ts,tsx}", "e2e/**"],
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["*.js", "public/*.js"], ...tseslint.configs.disableTypeChecked },
);
