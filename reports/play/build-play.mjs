/**
 * Bundles the live page: its script, its worker, its editor, its style; and the script of a
 * timeline's page.
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

/** @returns {Promise<{ script: string, worker: string, editor: string,
 * timeline: string, style: string }>} */
export async function bundlePlay() {
  const shared = {
    absWorkingDir: HERE,
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
  };
  const entryPoints = {
    play: 'main.tsx',
    worker: 'worker.ts',
    timeline: 'timeline-page.tsx',
    style: 'play.css',
  };
  // By this name the page finds what its second script has made.
  const globalName = 'dpcbenchEditor';
  // Names that the editor's libraries take from the browser.
  const inject = ['short-idle.ts'];
  const made = await Promise.all([
    build({ ...shared, entryPoints }),
    build({ ...shared, entryPoints: { editor: 'text-editor.ts' }, globalName, inject }),
  ]);
  const files = made.flatMap(({ outputFiles }) => outputFiles);
  const textOf = (name) => files.find((file) => file.path.endsWith(name)).text;
  return {
    script: textOf('play.js'),
    worker: textOf('worker.js'),
    editor: textOf('editor.js'),
    timeline: textOf('timeline.js'),
    style: textOf('style.css'),
  };
}

/** Writes `play.js`, its worker, its editor, `play-timeline.js` and `play.css` into a folder. */
export async function buildPlay(folder) {
  const { script, worker, editor, timeline, style } = await bundlePlay();
  await writeFile(join(folder, 'play.js'), script);
  await writeFile(join(folder, 'play-worker.js'), worker);
  await writeFile(join(folder, 'play-editor.js'), editor);
  await writeFile(join(folder, 'play-timeline.js'), timeline);
  await writeFile(join(folder, 'play.css'), style);
}
