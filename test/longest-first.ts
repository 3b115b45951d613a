import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, the longest first. Vitest knows no times in a fresh clone and goes by
 * the sizes of files: a short one that takes long would be left to the end, on one processor.
 * `npm run test:slowest` prints them.
 */
const LONGEST = [
  'test/golden/explained.test.ts',
  'test/report/page.test.ts',
  'test/play/page.test.ts',
  'test/play/event-by-event.test.ts',
  'test/determinism/kept-shards.test.ts',
  'test/host/closed-streams.test.ts',
  'test/golden/readme-commands.test.ts',
  'test/host/result-reading.test.ts',
  'test/play/links-and-strangers.test.ts',
  'test/conformance/twin-kernel.test.ts',
  'test/golden/readme-answer.test.ts',
  'test/host/host-examples.test.ts',
  'test/host/interrupts.test.ts',
  'test/conformance/kernel-and-twin.test.ts',
  'test/conformance/engines-agree.test.ts',
  'test/bench/cases.test.ts',
].map((path) => resolve(import.meta.dirname, '..', path));

for (const path of LONGEST) {
  if (!existsSync(path)) throw new Error(`${path} is in test/longest-first.ts, and gone`);
}

/** Begins with the longest, so that processors end together. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const known = LONGEST.indexOf(resolve(moduleId));
      return known < 0 ? LONGEST.length : known;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
