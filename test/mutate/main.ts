import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Dice } from '../fuzz/dice.js';
import { applyMutant, type Mutant, mutantsOf } from './mutants.js';
import { nearestTests } from './nearest-tests.js';

/**
 * `npm run mutate -- assembly/rules/drain.ts --count 20 --seed 7`: changes one thing at a time in a
 * copy of the checkout, builds it and runs the nearest tests until one fails. What survives is
 * printed: a test that is missing, or a change that changes nothing. Without files: those that
 * differ from the main branch.
 */
const BUILD_MS = 600_000;
/** So many tests at once: the first few kill most. */
const STAGES = [4, 30];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string' },
    // Tests that take longer have noticed: give more on a machine that is busy.
    seconds: { type: 'string', default: '240' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const files = positionals.length > 0 ? positionals : changedFiles();
console.log(`seed ${seed}: ${files.join(', ')}`);
const root = mkdtempSync(join(tmpdir(), 'dpcbench-mutate-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
copyCheckout();
let [survived, killed] = [0, 0];
for (const file of files) tryFile(file);
console.log(`${killed} killed, ${survived} survived`);
process.exitCode = survived === 0 ? 0 : 1;

function changedFiles(): string[] {
  const names = git('diff', '--name-only', '--diff-filter=d', 'main');
  return names.filter((name) => /^(assembly|src)\/.*\.ts$/.test(name));
}

function git(...args: string[]): string[] {
  return execFileSync('git', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

function copyCheckout(): void {
  for (const name of [...git('ls-files'), 'dist']) {
    cpSync(name, join(root, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
}

function tryFile(file: string): void {
  const text = readFileSync(file, 'utf8');
  const tests = nearestTests(file);
  if (tests.length === 0) throw new Error(`${file}: no test reaches it`);
  if (outcomeOf(file, text, tests) !== 'survived') {
    throw new Error(`${file}: its tests fail without any change: ${tests.join(' ')}`);
  }
  for (const mutant of choose(mutantsOf(text), file)) {
    const outcome = outcomeOf(file, applyMutant(text, mutant), tests);
    if (outcome === 'not built') continue;
    if (outcome === 'survived') survived++;
    else killed++;
    const place = `${file}:${mutant.line}:${mutant.column}`;
    console.log(`${outcome === 'survived' ? 'SURVIVED' : 'killed  '} ${place}: ${mutant.what}`);
  }
  writeFileSync(join(root, file), text);
}

/** A few at random, in the order of the file. */
function choose(all: readonly Mutant[], file: string): Mutant[] {
  const dice = new Dice(file, seed);
  const left = [...all];
  const chosen: Mutant[] = [];
  while (left.length > 0 && chosen.length < Number(values.count)) {
    chosen.push(...left.splice(dice.below(left.length), 1));
  }
  return chosen.sort((a, b) => a.start - b.start);
}

function outcomeOf(
  file: string,
  text: string,
  tests: readonly string[],
): 'killed' | 'survived' | 'not built' {
  writeFileSync(join(root, file), text);
  const what = file.startsWith('assembly/') ? '--kernel' : '--no-types';
  if (!succeeds(['build.mjs', what], BUILD_MS)) return 'not built';
  let from = 0;
  for (const to of STAGES) {
    const stage = tests.slice(from, to);
    from = to;
    if (stage.length === 0) continue;
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', ...stage];
    if (!succeeds(vitest, Number(values.seconds) * 1_000)) return 'killed';
  }
  return 'survived';
}

/** One that never ends is ended, and has not succeeded. */
function succeeds(args: readonly string[], timeout: number): boolean {
  const env = { ...process.env, DPCBENCH_RANDOM_RUNS: '60' };
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    timeout,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
  });
  return status === 0;
}
