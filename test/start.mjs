/**
 * Bundles a program of the tests that is not run by vitest and starts it:
 * `node test/start.mjs fuzz ARGUMENTS` is test/fuzz/main.ts. It runs the sources, and of dist/ what
 * they load by name: the kernels and the worker, which `npm run build` makes.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const [name, ...args] = process.argv.slice(2);
const folder = join(root, 'test', name);
const entries = readdirSync(folder).filter((file) => /^(main|.*-worker)\.ts$/.test(file));
const out = join(root, 'build', name);
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(
    entries.map((file) => [file.replace(/\.ts$/, ''), join('test', name, file)]),
  ),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'es2022',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
});
process.argv = [process.argv[0], join(out, 'main.mjs'), ...args];
await import(pathToFileURL(join(out, 'main.mjs')).href);
