import { Session } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The functions that a file of tests called, by name, for each file of sources. */
export type CalledFunctions = Record<string, string[]>;

/**
 * Set up before each file of tests: which functions of the sources it called goes along with its
 * result, so that a mutant meets the tests that come by and no others. What runs in threads,
 * processes and browsers of their own is not seen.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

afterAll(({}, file) => {
  const called: CalledFunctions = {};
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error !== null) throw error;
    for (const { functions, url } of answer.result) {
      const path = relative(process.cwd(), url.startsWith('file:') ? fileURLToPath(url) : url);
      if (!path.startsWith('src/')) continue;
      const names = functions
        .filter(({ ranges }) => ranges.some(({ count }) => count > 0))
        .map(({ functionName }) => functionName);
      called[path] = [...new Set(names)].filter((name) => name !== '');
    }
  });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  (file.meta as { called?: CalledFunctions }).called = called;
});
