import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The most for a file of the host: the rest would rather fail by chance than by the mutant. */
const MOST_TESTS = 10;

/**
 * The tests that are likely to notice a change of a file, the likeliest first: by what they import,
 * or for the kernel by the rules (R10) that the file and the test name.
 */
export function nearestTests(path: string): string[] {
  const tests = filesUnder('test').filter((file) => file.endsWith('.test.ts'));
  const isKernel = path.startsWith('assembly/');
  const scores = isKernel ? byRules(path, tests) : byImports(path, tests);
  return tests
    .filter((test) => scores.has(test) && !test.startsWith('test/tidy/'))
    .sort((a, b) => scores.get(a)! - scores.get(b)! || (a < b ? -1 : 1))
    .slice(0, isKernel ? tests.length : MOST_TESTS);
}

/** Tests that bring much of a machine together, in little time. */
export const BROAD = ['kernel-vectors', 'kernel-and-twin', 'crowded-instants'].map(
  (name) => `test/conformance/${name}.test.ts`,
);
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

/** How many imports lead from each test to the file. */
function byImports(path: string, tests: readonly string[]): Map<string, number> {
  const importers = new Map<string, string[]>();
  for (const file of [...filesUnder('src'), ...filesUnder('test'), ...filesUnder('bench')]) {
    for (const imported of importsOf(file)) {
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  const distances = new Map([[path, 0]]);
  const queue = [path];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const importer of importers.get(next) ?? []) {
      if (distances.has(importer)) continue;
      distances.set(importer, distances.get(next)! + 1);
      queue.push(importer);
    }
  }
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

function importsOf(path: string): string[] {
  const found = readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']*)\.js'/g);
  return [...found].map(([, name]) => `${join(dirname(path), name)}.ts`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts'));
}
