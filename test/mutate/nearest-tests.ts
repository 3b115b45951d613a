import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CalledFunctions } from './called-functions.js';
import type { TestedFile } from './test-runner.js';
import type { AskedFile } from './tests-worker.js';

/**
 * The tests that are likely to notice a change of a file, the likeliest first: by what they import,
 * or for the kernel by the rules (R10) that the file and the test name.
 *
 * @returns by test how far it is
 */
export function nearestTests(path: string): Map<string, number> {
  const tests = filesUnder('test').filter((file) => file.endsWith('.test.ts'));
  const isKernel = path.startsWith('assembly/');
  const scores = isKernel ? byRules(path, tests) : byImports(path, tests);
  const sorted = [...scores]
    .filter(([test]) => !test.startsWith('test/tidy/'))
    .sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1));
  return new Map(sorted);
}

/** A function of a file of sources, as V8 calls it; `` for any of them. */
export interface SourceFunction {
  source: string;
  name: string;
}

/** What of a file of tests calls a function. */
export interface CallingTests extends AskedFile {
  /** What they take. */
  ms: number;
}

/**
 * The tests that call one of these functions.
 *
 * @returns null if none does; the whole file where one is called outside of its tests
 */
export function callingTests(
  { called, file, ms, tests }: TestedFile,
  functions: readonly SourceFunction[],
): CallingTests | null {
  const isCalled = (of: CalledFunctions): boolean =>
    functions.some(({ name, source }) =>
      name === '' ? of[source] !== undefined : of[source]?.includes(name) === true,
    );
  if (isCalled(called)) return { file, ids: null, ms };
  const calling = tests.filter((test) => isCalled(test.called));
  if (calling.length === 0) return null;
  const callingMs = calling.reduce((sum, test) => sum + test.ms, 0);
  return { file, ids: calling.map(({ id }) => id), ms: callingMs };
}

/** Tests of which some part runs what was built: in a thread, or in a process of its own. */
export function needBuild(tests: readonly string[]): Set<string> {
  const built = [...importersOf().files].filter((file) => BUILT.test(readFileSync(file, 'utf8')));
  const needing = new Set(built.flatMap((file) => [...distancesTo(file).keys()]));
  return new Set(tests.filter((test) => needing.has(test)));
}

const BUILT = /'#(cell-|job-)?worker'|resolve\('dist\/cli\.js'\)/;

/** Tests that bring much of a machine together, in little time. */
export const BROAD = ['kernel-vectors', 'kernel-and-twin', 'crowded-instants'].map(
  (name) => `test/conformance/${name}.test.ts`,
);
/** They hold whole answers, pages and recordings against files: nothing changes there unseen. */
export const GOLDEN = /^test\/golden\/(pages|recordings|transcripts-\w+)\.test\.ts$/;
/** Tests of command lines are of the host, and slow. */
const COMMAND_LINES = /run-(cli|process)\.js'/;
const SIMULATES = /'[./]+\/(simulate|src\/kernel\/[\w-]+|simulate-models)\.js'/;

function byRules(path: string, tests: readonly string[]): Map<string, number> {
  const rules = rulesIn(path);
  const scores = new Map<string, number>();
  for (const test of tests) {
    if (test.startsWith('test/semantics/')) {
      const shared = [...rulesIn(test)].filter((rule) => rules.has(rule)).length;
      scores.set(test, shared > 0 ? 1 / shared : 3);
    } else if (readFileSync(test, 'utf8').includes(`/${path.replace(/ts$/, 'js')}'`))
      scores.set(test, 1);
    else if (BROAD.includes(test)) scores.set(test, 4);
    else if (COMMAND_LINES.test(readFileSync(test, 'utf8'))) continue;
    else if (/^test\/(conformance|conservation|determinism)\//.test(test)) scores.set(test, 5);
    else if (SIMULATES.test(readFileSync(test, 'utf8'))) scores.set(test, 6);
  }
  return scores;
}

function rulesIn(path: string): Set<string> {
  return new Set(readFileSync(path, 'utf8').match(/\bR[0-9]+\b/g));
}

/** By the path of a file those that import it. */
interface Importers {
  files: ReadonlySet<string>;
  of: ReadonlyMap<string, string[]>;
}

let importers: Importers | undefined;

export function importersOf(): Importers {
  return (importers ??= readImporters());
}

function readImporters(): Importers {
  const files = ['src', 'test', 'bench', 'reports'].flatMap(filesUnder);
  const of = new Map<string, string[]>();
  for (const file of files) {
    for (const imported of importsOf(file)) of.set(imported, [...(of.get(imported) ?? []), file]);
  }
  return { files: new Set(files), of };
}

function distancesTo(path: string): Map<string, number> {
  const distances = new Map([[path, 0]]);
  const queue = [path];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const importer of importersOf().of.get(next) ?? []) {
      if (distances.has(importer)) continue;
      distances.set(importer, distances.get(next)! + 1);
      queue.push(importer);
    }
  }
  return distances;
}

/** How many imports lead from each test to the file. */
function byImports(path: string, tests: readonly string[]): Map<string, number> {
  const distances = distancesTo(path);
  // Where two are as near, the one that bears a word of the name.
  const words = basename(path, '.ts').split('-');
  const isNamesake = (test: string): boolean =>
    basename(test, '.test.ts')
      .split('-')
      .some((word) => words.includes(word));
  return new Map(
    tests.flatMap((test) => {
      const distance = distances.get(test);
      return distance === undefined ? [] : [[test, distance - (isNamesake(test) ? 0.5 : 0)]];
    }),
  );
}

/** What a page's builder bundles counts as imported by it. */
const PAGES: Record<string, readonly string[]> = {
  'reports/build-page.mjs': ['reports/page.ts'],
  'reports/play/build-play.mjs': ['main.tsx', 'timeline-page.tsx', 'worker.ts'].map(
    (name) => `reports/play/${name}`,
  ),
};

function importsOf(path: string): string[] {
  const pages = PAGES[path];
  if (pages !== undefined) return [...pages];
  const found = readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*\.m?jsx?)'/g);
  return [...found].flatMap(([, name]) => {
    const file = join(dirname(path), name);
    return name.endsWith('.mjs')
      ? [file]
      : [file.replace(/jsx?$/, 'ts'), file.replace(/jsx?$/, 'tsx')];
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) || PAGES[name] !== undefined);
}
