/**
 * What others get of this package: it is packed as it was built, and judged by publint, by
 * arethetypeswrong, by a program that takes it with `import`, by one that does with `require`, and
 * by the compiler. The first two are fetched by npm, in the versions that stand here.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const PUBLINT = 'publint@0.3.25';
const ATTW = '@arethetypeswrong/cli@0.18.5';
/**
 * Strict, but for one rule, that `require` finds an ES module: from Node.js 20.19 on, which is the
 * oldest that the package takes, `require` loads one. That it does is tried below.
 */
const ATTW_OPTIONS = ['--profile', 'strict', '--ignore-rules', 'cjs-resolves-to-esm'];

const PROGRAMS = {
  import: { name: 'taken.mjs', first: "import { loadScenario, run } from 'dpcbench';" },
  require: { name: 'taken.cjs', first: "const { loadScenario, run } = require('dpcbench');" },
};
const REST = `
const scenario = { ...loadScenario('w1'), until: { timeNs: null, interrupts: 1000 } };
void run(scenario).then(({ results }) => {
  if (!(results[0].counters.arrivals > 0)) throw new Error('it simulated nothing');
  console.log(FORM + ' works, Node.js ' + process.version);
});
`;
const TYPED = `
import { loadScenario, run, type ResultDocument } from 'dpcbench';
export const result: Promise<ResultDocument> = run(loadScenario('w1'), { workers: 2 });
// @ts-expect-error - an option that there is not
export const refused = run(loadScenario('w1'), { sed: 7 });
`;

mkdirSync(join(ROOT, 'build'), { recursive: true });
// Below the project, so that dependencies are found.
const folder = mkdtempSync(join(ROOT, 'build', 'package-'));
try {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }));
  const packed = join(folder, filename);
  start('npx', ['--yes', PUBLINT, packed, '--strict']);
  start('npx', ['--yes', '-p', ATTW, 'attw', packed, ...ATTW_OPTIONS]);
  take(packed);
} catch (error) {
  // What failed has said why.
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Unpacks it where a program of its own finds it by its name. */
function take(packed) {
  mkdirSync(join(folder, 'node_modules'));
  start('tar', ['-xzf', packed, '-C', folder]);
  renameSync(join(folder, 'package'), join(folder, 'node_modules', 'dpcbench'));
  for (const [form, { name, first }] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, name), first + REST.replace('FORM', JSON.stringify(form)));
    start(process.execPath, [join(folder, name)]);
  }
  for (const name of ['typed.mts', 'typed.cts']) writeFileSync(join(folder, name), TYPED);
  const strict = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ];
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const files = ['typed.mts', 'typed.cts'].map((name) => join(folder, name));
  start(process.execPath, [compiler, ...strict, '--types', 'node', ...files]);
  console.log('types are found, by import and by require');
}

/** What it prints is seen; that it fails ends this program too. */
function start(program, args) {
  execFileSync(program, args, { cwd: folder, stdio: 'inherit' });
}
