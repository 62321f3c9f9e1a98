// Writes a Brotli and a gzip twin next to each text file of the build, so that the server never compresses one.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(css|html|js|json|svg|txt)$/;

const twins = {
  br: (text: Buffer) =>
    brotliCompressSync(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      },
    }),
  gz: (text: Buffer) => gzipSync(text, { level: constants.Z_BEST_COMPRESSION }),
};

async function writeTwins(file: string): Promise<void> {
  const text = await readFile(file);
  for (const [ending, compress] of Object.entries(twins)) {
    const twin = compress(text);
    // A twin that saves nothing would only be carried around.
    if (twin.length < text.length) await writeFile(`${file}.${ending}`, twin);
  }
}

export function writeCompressed(): Plugin {
  let folder = "dist";
  return {
    name: "write-compressed",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true });
      await Promise.all(
        names.filter((name) => TEXT.test(name)).map((name) => writeTwins(join(folder, name))),
      );
    },
  };
}
