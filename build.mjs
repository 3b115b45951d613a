/**
 * Builds dist/: both builds of the kernel; the command line, the library and the worker as ES modules
 * with dependencies left to node_modules; the report's page and the live one; the library's type
 * declarations.
 *
 * `--kernel` builds the kernel alone, `--host` all the rest, `--no-types` that without declarations.
 * `--out FOLDER` builds into another folder.
 *
 * All is built in a folder of its own and moved over file by file, so that a command that runs
 * meanwhile finds every file whole, and two builds at once do not meet.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildPage } from './reports/build-page.mjs';
import { buildPlay } from './reports/play/build-play.mjs';

const ROOT = import.meta.dirname;
/** What a command may load that was started before a build: kept for so long. */
const KEPT_MS = 3_600_000;
/** Files of one build are written within this time. */
const BUILD_MS = 60_000;

const { values: options } = parseArgs({
  options: {
    kernel: { type: 'boolean' },
    host: { type: 'boolean' },
    'no-types': { type: 'boolean' },
    out: { type: 'string', default: 'dist' },
  },
});
const isQuick = options['no-types'] === true;
const isWhole = !options.kernel && !options.host && !isQuick;
const out = resolve(ROOT, options.out);

const builds = join(ROOT, 'build', 'dist');
await mkdir(builds, { recursive: true });
for (const name of await readdir(builds)) {
  // What a build left that was ended from outside.
  const isLeft = (await modifiedMs(join(builds, name))) < Date.now() - KEPT_MS;
  if (isLeft) await rm(join(builds, name), { recursive: true, force: true });
}
const fresh = await mkdtemp(join(builds, 'new-'));
try {
  await Promise.all([
    ...(isWhole || options.kernel ? ['release', 'debug'].map(buildKernel) : []),
    ...(isWhole || options.host || isQuick
      ? [buildHost(), buildPage(fresh), buildPlay(fresh)]
      : []),
    ...(isWhole || (options.host && !isQuick) ? [buildTypes()] : []),
  ]);
  await moveOver();
  if (isWhole && out === join(ROOT, 'dist')) await buildLivePage();
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function buildHost() {
  // Split, so that a command loads what it needs and nothing else.
  await build({
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    legalComments: 'none',
    logLevel: 'warning',
    entryPoints: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      worker: 'src/run/worker.ts',
      'cell-worker': 'src/sweep/cell-worker.ts',
      'job-worker': 'src/queue/job-worker.ts',
    },
    outdir: fresh,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  await chmod(join(fresh, 'cli.js'), 0o755);
}

async function buildKernel(target) {
  const name = target === 'release' ? 'kernel.wasm' : `kernel.${target}.wasm`;
  const file = relative(ROOT, join(fresh, name));
  await runTool('assemblyscript/bin/asc.js', 'assembly/index.ts', '--target', target, '-o', file);
}

async function buildTypes() {
  await runTool(
    'typescript/bin/tsc',
    '-p',
    'tsconfig.types.json',
    '--outDir',
    join(fresh, 'types'),
  );
}

/** By the command itself; what it needs is in place now. */
async function buildLivePage() {
  await runScript(join(out, 'cli.js'), 'play', '-o', join(out, 'play.html'), '-q');
}

/** @param tool its package and the path in there */
async function runTool(tool, ...args) {
  const [name, ...path] = tool.split('/');
  const home = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  await runScript(join(home, ...path), ...args);
}

async function runScript(script, ...args) {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${script} ended with exit code ${code}`);
}

/** What others load comes first, what a user starts comes last. */
async function moveOver() {
  const previousMs = await modifiedMs(join(out, 'cli.js'));
  const files = await filesUnder(fresh);
  const isEntry = (file) => dirname(file) === '.';
  for (const file of files.sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
    await mkdir(dirname(join(out, file)), { recursive: true });
    await rename(join(fresh, file), join(out, file));
  }
  for (const folder of ['chunks', 'types']) {
    const made = new Set(files.filter((file) => file.startsWith(folder)));
    if (made.size === 0) continue;
    for (const name of await filesUnder(join(out, folder))) {
      const file = join(out, folder, name);
      const isStale = !made.has(join(folder, name)) && !(await mayBeLoaded(file, previousMs));
      if (isStale) await rm(file, { force: true });
    }
  }
}

/**
 * Chunks are named by content: those of earlier builds would pile up, but a command that started
 * with the previous build may not have loaded all of them yet. A package gets none.
 */
async function mayBeLoaded(file, previousMs) {
  if (['pack', 'publish'].includes(process.env.npm_command ?? '')) return false;
  const wasCurrent = (await modifiedMs(file)) > previousMs - BUILD_MS;
  return wasCurrent || previousMs > Date.now() - KEPT_MS;
}

async function modifiedMs(file) {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
