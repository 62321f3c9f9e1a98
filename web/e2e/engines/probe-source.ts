// The probe as text that makes it in a page.
import { build } from "vite";
import type * as Probe from "./probe";

const ENTRY = new URL("probe.ts", import.meta.url).pathname;
const NAME = "holdfastProbe";

async function bundled(): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: { write: false, lib: { entry: ENTRY, formats: ["iife"], name: NAME } },
  });
  const bundle = Array.isArray(result) ? result[0] : result;
  if (!bundle || !("output" in bundle)) throw new Error("The probe was not built.");
  return bundle.output[0].code;
}

let source: Promise<string> | undefined;

/** An expression that puts the probe into a page. */
export async function probeSource(): Promise<string> {
  source ??= bundled();
  return `(() => { ${await source}; globalThis.${NAME} = ${NAME}; })()`;
}

/** Whether the probe is in a page. */
export const HAS_PROBE = `"${NAME}" in globalThis`;

/** An expression that calls the probe. */
export function probed(what: keyof typeof Probe, ...values: unknown[]): string {
  return `globalThis.${NAME}.${what}(${values.map((value) => JSON.stringify(value)).join(", ")})`;
}
