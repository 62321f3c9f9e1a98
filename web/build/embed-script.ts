// Builds the script for other sites: one small ordinary script under a name that stays.
import { build, type Plugin } from "vite";

const ENTRY = new URL("../src/embed/embed.ts", import.meta.url).pathname;

async function bundled(): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      lib: { entry: ENTRY, formats: ["iife"], name: "Holdfast" },
    },
  });
  const bundle = Array.isArray(result) ? result[0] : result;
  if (!bundle || !("output" in bundle))
    throw new Error("The script for other sites was not built.");
  return bundle.output[0].code;
}

export function embedScript(): Plugin {
  return {
    name: "embed-script",
    apply: "build",
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: "embed.js", source: await bundled() });
    },
  };
}
