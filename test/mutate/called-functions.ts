import { Session } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach } from 'vitest';

/** The functions that were called, by name, for each file of sources. */
export type CalledFunctions = Record<string, string[]>;

/**
 * Set up before each file of tests, in the root (tests may go elsewhere): which functions of the
 * sources each test called goes along with its result, and with the file's what was called outside
 * of them, so that a mutant meets the tests that come by and no others. What runs in threads,
 * processes and browsers of their own is not seen.
 */
const root = process.cwd();
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const outside: CalledFunctions = {};
beforeEach(() => {
  for (const [path, names] of Object.entries(calledSinceLast())) {
    outside[path] = [...new Set([...(outside[path] ?? []), ...names])];
  }
});
afterEach(({ task }) => {
  (task.meta as { called?: CalledFunctions }).called = calledSinceLast();
});
afterAll(({}, file) => {
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  (file.meta as { called?: CalledFunctions }).called = outside;
});

function calledSinceLast(): CalledFunctions {
  const called: CalledFunctions = {};
  // Counts begin anew with every answer.
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error !== null) throw error;
    for (const { functions, url } of answer.result) {
      const path = relative(root, url.startsWith('file:') ? fileURLToPath(url) : url);
      if (!path.startsWith('src/')) continue;
      const names = functions
        .filter(({ ranges }) => ranges.some(({ count }) => count > 0))
        .map(({ functionName }) => functionName)
        .filter((name) => name !== '');
      if (names.length > 0) called[path] = [...new Set(names)];
    }
  });
  return called;
}
