// Builds the scripts that are no modules: each small, ordinary, and under a name that stays.
import { build, type Plugin } from "vite";
import { oldestBrowsers } from "./browsers.ts";

interface ClassicScript {
  entry: string;
  target: string | string[];
}

const scripts: Record<string, ClassicScript> = {
  /** For other sites. */
  "embed.js": { entry: "../src/embed/embed.ts", target: oldestBrowsers() },
  /** It is heard of what breaks in browsers that are too old for the app, so it is written for all of them. */
  "first-paint.js": { entry: "../src/first-paint/first-paint.ts", target: "es2015" },
};

async function bundled(name: string, { entry, target }: ClassicScript): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      write: false,
      target,
      lib: {
        entry: new URL(entry, import.meta.url).pathname,
        formats: ["iife"],
        name: "Holdfast",
      },
    },
  });
  const bundle = Array.isArray(result) ? result[0] : result;
  if (!bundle || !("output" in bundle)) throw new Error(`${name} was not built.`);
  return bundle.output[0].code;
}

export function classicScripts(): Plugin {
  return {
    name: "classic-scripts",
    async generateBundle() {
      for (const [fileName, script] of Object.entries(scripts)) {
        this.emitFile({ type: "asset", fileName, source: await bundled(fileName, script) });
      }
    },
    // While one works on them they are built anew each time.
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = request.url?.slice(1) ?? "";
        const script = scripts[name];
        if (!script) {
          next();
          return;
        }
        bundled(name, script).then(
          (code) => response.setHeader("Content-Type", "text/javascript").end(code),
          next,
        );
      });
    },
  };
}
