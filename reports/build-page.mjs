/**
 * Bundles the report's page: `page.ts` with uPlot into one script, `page.css` with uPlot's own
 * rules into one style. `build.mjs` calls `buildPage`; the tests take the same bundle in
 * memory.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** @returns {Promise<{ script: string, style: string }>} what `renderReport` takes as `page` */
export async function bundlePage() {
  const { outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: ['page.ts', 'page.css'],
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: '/* Contains uPlot, (c) Leon Sorokin, MIT license */' },
    logLevel: 'warning',
  });
  const textOf = (ending) => outputFiles.find((file) => file.path.endsWith(ending)).text;
  return { script: textOf('.js'), style: textOf('.css') };
}

/** Writes `page.js`, `page.css` and the license of what is bundled into a folder. */
export async function buildPage(folder) {
  const { script, style } = await bundlePage();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'page.js'), script);
  await writeFile(join(folder, 'page.css'), style);
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  await copyFile(join(uplot, 'LICENSE'), join(folder, 'page.uplot-license.txt'));
}
