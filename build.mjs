/**
 * Builds dist/: the command line, the library and the worker as ES modules with dependencies left to
 * node_modules, the report's page, and the library's type declarations. `build:kernel` builds the rest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { buildPage } from './reports/build-page.mjs';

const shared = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'es2022',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
};

async function buildHost() {
  // Chunks are named by content: those of an earlier build would pile up.
  await rm('dist/chunks', { recursive: true, force: true });
  // Split, so that a command loads what it needs and nothing else.
  await build({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', worker: 'src/run/worker.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  await chmod('dist/cli.js', 0o755);
}

async function buildTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.types.json'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}

const withTypes = !process.argv.includes('--no-types');
await Promise.all([buildHost(), buildPage('dist'), withTypes ? buildTypes() : undefined]);
