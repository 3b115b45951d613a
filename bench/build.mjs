/**
 * Bundles the bench into build/bench/: the programs, and the script and style of its page. What it
 * measures is in dist/, which `npm run build` makes.
 */
import { build } from 'esbuild';

const shared = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
};

await Promise.all([
  build({
    ...shared,
    entryPoints: { main: 'main.ts', engines: 'engines.ts', 'live-page': 'live-page.ts' },
    outdir: '../build/bench',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
  build({
    ...shared,
    entryPoints: { page: 'page/page.ts', style: 'page/page.css' },
    outdir: '../build/bench',
    format: 'iife',
    charset: 'utf8',
    minify: true,
    banner: { js: '/* Contains uPlot, (c) Leon Sorokin, MIT license */' },
  }),
]);
