import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Dice } from '../fuzz/dice.js';
import { Checkout, gitLines, isShared } from './checkout.js';
import { EQUIVALENTS } from './equivalents.js';
import { applyMutant, type Mutant, mutantsOf } from './mutants.js';
import { BROAD, callingTests, GOLDEN, needBuild, nearestTests } from './nearest-tests.js';
import { Journal, keyOf, type Outcome, outcomeTable, type Tried } from './outcomes.js';
import type { LoneTest, Tested } from './test-runner.js';
import type { AskedFile } from './tests-worker.js';
import { usersOf } from './users.js';

/**
 * `npm run mutate -- assembly --count 100 --seed 7`: changes one thing at a time in a copy of the
 * checkout, builds it and runs the nearest tests until one fails. What survives is printed: a test
 * that is missing, or a change that changes nothing. Of folders and files a sample; without any,
 * those that differ from the main branch. What was tried is in build/mutate/, and not tried again.
 */
const JOURNAL = 'build/mutate/journal.ndjson';
/** No word for so many times the longest silence of tests that pass: one does not end. */
const PATIENCE = 4;
const LEAST_PATIENCE_MS = 15_000;
/** A machine that is this slow with nothing changed has other troubles. */
const BASE_STILL_MS = 600_000;
/** The nearest tests have so long, before and after a build, to notice a mutant of the host. */
const HOST_TESTS_MS = 30_000;
/** As long as that when they are tried again. */
const HOST_AGAIN_MS = 300_000;
/** A file of tests that takes longer is not waited for: whom it calls is unknown, it comes last. */
const SLOW_MS = 60_000;
/** From so many imports on a test is far from a file, and the quickest come first. */
const FAR = 3;
/** So many for what notices much: it comes after a file's own tests. */
const NEXT = 1;

const NO_TEST = 'no test reaches it';
const PASSED: Tested = { outcome: 'passed', failed: '', failedTest: null, ended: [] };
/** Who notices: they run before the tests, as test/soak/soak.test.ts has them. */
const MACHINES = 'random machines';
const OUTCOME_OF = {
  passed: 'survived',
  failed: 'killed',
  'stood still': 'timed out',
  'cut off': 'undecided',
} as const;

/** What `--again` tries again. */
const LEFT_OVER: readonly Outcome[] = ['survived', 'undecided'];

interface Chosen extends Mutant {
  file: string;
  mutated: string;
  key: string;
  place: string;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string' },
    /** Tries those again that survived or are undecided. */
    again: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
/** By path the lines that are asked for (`src/units.ts:40`), where not the whole file is. */
const linesOf = new Map<string, Set<number>>();
const files = positionals.length > 0 ? distinct(positionals.flatMap(filesOf)) : changedFiles();
if (files.length === 0) throw new Error('no file under assembly/ or src/ to change');
const journal = new Journal(JOURNAL);
const chosen = choose();
console.log(`seed ${seed}: ${chosen.length} mutants in ${files.length} files`);
const left = chosen.filter((mutant) => isLeft(mutant));
const checkout = left.length > 0 ? new Checkout() : null;
process.on('exit', () => checkout?.remove());
process.on('SIGINT', () => finish(130));
process.on('SIGTERM', () => finish(143));
if (checkout !== null) await tryAll(checkout);
finish();

function finish(code?: number): never {
  const tried = chosen.flatMap(({ key }) => journal.get(key) ?? []);
  console.log(outcomeTable(tried));
  const survived = tried.filter(({ outcome }) => outcome === 'survived');
  for (const { outcome, place, what } of tried.filter(({ outcome }) =>
    LEFT_OVER.includes(outcome),
  )) {
    console.log(`${outcome.toUpperCase()} ${place}: ${what}`);
  }
  if (tried.length < chosen.length) console.log(`${chosen.length - tried.length} are left`);
  process.exit(code ?? (survived.length === 0 ? 0 : 1));
}

function changedFiles(): string[] {
  return gitLines('diff', '--name-only', '--diff-filter=d', 'main').filter(isSource);
}

function filesOf(named: string): string[] {
  const [path, line] = named.split(':');
  if (line !== undefined) linesOf.set(path, (linesOf.get(path) ?? new Set()).add(Number(line)));
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => join(path, name).replaceAll('\\', '/'))
    .filter(isSource)
    .sort();
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

function isSource(name: string): boolean {
  return /^(assembly|src)\/.*(?<!\.d)\.ts$/.test(name);
}

/** Some of all mutants, in the order of the files. */
function choose(): Chosen[] {
  const all = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const asked = mutantsOf(text).filter(({ line }) => linesOf.get(file)?.has(line) ?? true);
    return asked.map((mutant) => {
      const mutated = applyMutant(text, mutant);
      const place = `${file}:${mutant.line}:${mutant.column}`;
      return { ...mutant, file, mutated, key: keyOf(file, mutated), place };
    });
  });
  const dice = new Dice('mutants', seed);
  const drawn: Chosen[] = [];
  while (all.length > 0 && drawn.length < Number(values.count)) {
    drawn.push(...all.splice(dice.below(all.length), 1));
  }
  return drawn.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
}

function isLeft(mutant: Chosen): boolean {
  const known = journal.get(mutant.key);
  const equivalent = equivalentOf(mutant);
  if (equivalent !== undefined && known?.outcome !== 'equivalent') {
    journal.add(triedAs(mutant, 'equivalent', equivalent));
    return false;
  }
  return known === undefined || (values.again && LEFT_OVER.includes(known.outcome));
}

function equivalentOf({ file, line, what }: Chosen): string | undefined {
  const text = readFileSync(file, 'utf8').split('\n')[line - 1].trim();
  return EQUIVALENTS.find((one) => one.file === file && one.line === text && one.what === what)
    ?.why;
}

function triedAs(mutant: Chosen, outcome: Outcome, why: string): Tried {
  return { key: mutant.key, outcome, place: mutant.place, what: mutant.what, why };
}

async function tryAll(checkout: Checkout): Promise<void> {
  const nearest = new Map([...new Set(left.map(({ file }) => file))].map(testsOf));
  const isOfKernel = left.some(({ file }) => file.startsWith('assembly/'));
  const machinesMs = isOfKernel ? await timeMachines(checkout) : 0;
  const all = [...new Set([...nearest.values()].flatMap((tests) => [...tests.keys()]))];
  await tryUnchanged(checkout, all);
  const unchanged: Unchanged = { kernels: null, machinesMs, needBuild: needBuild(all) };
  for (const mutant of left) {
    const startedMs = performance.now();
    const tests = usefulTests(mutant, nearest.get(mutant.file)!);
    const tried = await tryOne(checkout, mutant, tests, unchanged);
    journal.add(tried);
    const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
    console.log(
      `${tried.outcome.padEnd(10)} ${tried.place}: ${tried.what}  [${tried.why}] ${took}`,
    );
  }
}

async function timeMachines(checkout: Checkout): Promise<number> {
  if (!(await checkout.buildKernel(0))) throw new Error('nothing builds');
  const started = performance.now();
  const failed = await checkout.tryMachines(BASE_STILL_MS);
  if (failed !== null) throw new Error('random machines disagree with nothing changed');
  return performance.now() - started;
}

/**
 * The tests with nothing changed: what fails then says nothing of a mutant, how long they are
 * silent says how patient to be on this machine, and what they call which mutants they may notice.
 */
async function tryUnchanged(checkout: Checkout, tests: readonly string[]): Promise<void> {
  const unknown = tests.filter((test) => journal.unchanged(test)?.isPassed !== true);
  if (unknown.length === 0) return;
  if (!(await checkout.build(left[0].file))) throw new Error('nothing builds');
  console.log(`${unknown.length} files of tests with nothing changed`);
  // All that simulate may notice a mutant of the kernel, however long they take.
  const isOfHost = left.every(({ file }) => file.startsWith('src/'));
  const limits = { stillMs: BASE_STILL_MS, fileMs: isOfHost ? SLOW_MS : BASE_STILL_MS };
  const runner = checkout.unchangedTests;
  while (unknown.length > 0) {
    const before = unknown.length;
    const { ended, outcome } = await runner.run(unknown.map(wholeFile), limits, (tested) => {
      unknown.splice(unknown.indexOf(tested.file), 1);
      journal.addUnchanged(tested);
      if (!tested.isPassed) console.log(`left out, fails with nothing changed: ${tested.file}`);
    });
    const [file] = unknown;
    if (outcome === 'stood still') {
      unknown.shift();
      const slow = { tests: [...ended], ms: SLOW_MS, stillMs: SLOW_MS, called: {} };
      journal.addUnchanged({ file, isPassed: isOfHost, ...slow });
    } else if (before === unknown.length) throw new Error(`${file} ends what runs it`);
  }
  runner.end();
}

function wholeFile(file: string): AskedFile {
  return { file, ids: null };
}

function testsOf(file: string): [string, Map<string, number>] {
  return [file, nearestTests(file)];
}

/** Those that pass with nothing changed, in the order in which they are likely to notice. */
function usefulTests(mutant: Chosen, nearest: Map<string, number>): AskedFile[] {
  const { file } = mutant;
  const msOf = (test: string): number => journal.unchanged(test)?.ms ?? 0;
  const passing = [...nearest.keys()].filter((test) => journal.unchanged(test)?.isPassed === true);
  if (file.startsWith('assembly/')) {
    const near = passing.slice(0, passing.findLastIndex((test) => BROAD.includes(test)) + 1);
    const rest = passing.slice(near.length).sort((a, b) => msOf(a) - msOf(b));
    return [...near, ...rest].map(wholeFile);
  }
  const distance = (test: string): number =>
    Math.min(nearest.get(test)!, GOLDEN.test(test) ? NEXT : FAR);
  const isSlow = (test: string): boolean => msOf(test) >= SLOW_MS;
  const users = usersOf(file, mutant);
  const calling = passing.flatMap((test) => {
    const found = callingTests(journal.unchanged(test)!, users);
    if (found === null) return [];
    // Some of its tests say nothing without those before them.
    return journal.isChained(test) ? [{ ...found, ids: null, ms: msOf(test) }] : [found];
  });
  // It runs in a thread, a process or a browser of a test, or nowhere.
  if (calling.length === 0) return passing.map(wholeFile);
  calling.sort((a, b) => distance(a.file) - distance(b.file) || a.ms - b.ms);
  return [...calling, ...passing.filter(isSlow).map(wholeFile)];
}

/** What is known of the checkout with nothing changed. */
interface Unchanged {
  /** Null as long as nobody has asked. */
  kernels: string | null;
  machinesMs: number;
  /** Tests that run what was built. */
  needBuild: ReadonlySet<string>;
}

async function tryOne(
  checkout: Checkout,
  mutant: Chosen,
  tests: readonly AskedFile[],
  unchanged: Unchanged,
): Promise<Tried> {
  const patience = (ms: number): number => Math.max(LEAST_PATIENCE_MS, PATIENCE * ms);
  const { file } = mutant;
  const original = checkout.read(file);
  const isKernel = file.startsWith('assembly/') && !isShared(file);
  checkout.write(file, mutant.mutated);
  try {
    if (isKernel) {
      if (!(await checkout.buildKernel(0))) return triedAs(mutant, 'not built', '');
      const noticed = await checkout.tryMachines(patience(unchanged.machinesMs));
      if (noticed !== null) return triedAs(mutant, OUTCOME_OF[noticed], MACHINES);
      if (await isSameCode(checkout, mutant, original, unchanged)) {
        return triedAs(mutant, 'same code', '');
      }
    }
    const stillMs = Math.max(0, ...tests.map(({ file }) => journal.unchanged(file)?.stillMs ?? 0));
    const limits = { stillMs: patience(stillMs), totalMs: hostMs(mutant) };
    const early = isKernel ? [] : tests.filter((test) => !unchanged.needBuild.has(test.file));
    const run = async (some: readonly AskedFile[], isBuilt: boolean): Promise<Tested> => {
      const tested = await checkout.tests.run(some, limits);
      const { failedTest } = tested;
      if (failedTest === null || !isPartOf(failedTest, some)) return tested;
      if (await passesAlone(checkout, mutant, original, failedTest, isBuilt)) return tested;
      if (isBuilt) await checkout.build(file);
      return checkout.tests.run(
        some.map((one) => (one.file === failedTest.file ? wholeFile(one.file) : one)),
        limits,
      );
    };
    const first = early.length > 0 ? await run(early, false) : PASSED;
    if (first.outcome === 'failed' || first.outcome === 'stood still')
      return triedAs(mutant, OUTCOME_OF[first.outcome], first.failed);
    const late = tests.filter((test) => !early.includes(test));
    if (late.length === 0) {
      return triedAs(mutant, OUTCOME_OF[first.outcome], tests.length === 0 ? NO_TEST : '');
    }
    if (!isKernel && !(await checkout.build(file))) return triedAs(mutant, 'not built', '');
    const { failed, outcome } = await run(late, true);
    return triedAs(mutant, OUTCOME_OF[outcome === 'passed' ? first.outcome : outcome], failed);
  } finally {
    checkout.write(file, original);
  }
}

function isPartOf({ file }: LoneTest, asked: readonly AskedFile[]): boolean {
  return asked.some((one) => one.file === file && one.ids !== null);
}

/** A test that fails for want of those before it has noticed nothing. Leaves the mutant written. */
async function passesAlone(
  checkout: Checkout,
  { file, mutated }: Chosen,
  original: string,
  test: LoneTest,
  isBuilt: boolean,
): Promise<boolean> {
  const known = journal.passesAlone(test);
  if (known !== undefined) return known;
  checkout.write(file, original);
  if (isBuilt) await checkout.build(file);
  const asked = [{ file: test.file, ids: [test.id] }];
  const { outcome } = await checkout.tests.run(asked, { stillMs: BASE_STILL_MS });
  journal.addAlone(test, outcome === 'passed');
  checkout.write(file, mutated);
  return outcome === 'passed';
}

function hostMs({ file }: Chosen): number {
  if (!file.startsWith('src/')) return Infinity;
  return values.again ? HOST_AGAIN_MS : HOST_TESTS_MS;
}

/** Leaves the mutant built, so that it runs as fast as tests want it. */
async function isSameCode(
  checkout: Checkout,
  { file, mutated }: Chosen,
  original: string,
  unchanged: Unchanged,
): Promise<boolean> {
  if (unchanged.kernels === null) {
    checkout.write(file, original);
    await checkout.build(file);
    unchanged.kernels = checkout.kernels();
    checkout.write(file, mutated);
  }
  await checkout.build(file);
  return checkout.kernels() === unchanged.kernels;
}
