/**
 * Bundles the live page: its script, its worker and its style. `build.mjs` calls `buildPlay`; the
 * tests take the same bundle in memory.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LICENCES =
  '/* Contains uPlot, (c) Leon Sorokin; Preact, (c) Jason Miller; CodeMirror, (c) Marijn ' +
  'Haverbeke and others; noble-hashes, (c) Paul Miller; toml-eslint-parser, (c) Yosuke Ota; all ' +
  'under the MIT license; yaml, (c) Eemeli Aro, ISC */';

/** @returns {Promise<{ script: string, worker: string, style: string }>} */
export async function bundlePlay() {
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: { play: 'main.tsx', worker: 'worker.ts', style: 'play.css' },
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    banner: { js: LICENCES },
    logLevel: 'warning',
  });
  const textOf = (name) => outputFiles.find((file) => file.path.endsWith(name)).text;
  return { script: textOf('play.js'), worker: textOf('worker.js'), style: textOf('style.css') };
}

/** Writes `play.js`, `play-worker.js` and `play.css` into a folder. */
export async function buildPlay(folder) {
  const { script, worker, style } = await bundlePlay();
  await writeFile(join(folder, 'play.js'), script);
  await writeFile(join(folder, 'play-worker.js'), worker);
  await writeFile(join(folder, 'play.css'), style);
}
