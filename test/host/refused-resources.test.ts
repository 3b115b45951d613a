import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { start, startShell } from './run-process.js';

const NO_MEMORY =
  '--import=data:text/javascript,' +
  'WebAssembly.Memory=function(){throw(new(RangeError)(`could_not_allocate_memory`))}';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-refused-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what the system refuses', () => {
  it.each([
    ['in the main thread', '1000'],
    ['in a worker', '1M'],
  ])('is said of memory %s', async (_, interrupts) => {
    const { texts, ended } = start(['run', 'w8', '-n', interrupts, '-w', '2'], {
      cwd: folder,
      env: { NODE_OPTIONS: NO_MEMORY },
    });
    expect([await ended, texts.out]).toEqual([EXIT.files, '']);
    expect(texts.err).toMatch(/^the system refuses the memory of a simulation.*--workers/);
  });

  it('is said of open files, wherever they run out', async () => {
    for (const limit of [24, 40, 54, 60]) {
      const run = '$D run w8 -n 1M --shards 10 --warmup none -w 64 -q --json r.json';
      const line = `ulimit -n ${limit}; ${run}`;
      const { texts, ended } = startShell(line, { cwd: folder });
      expect([limit, await ended]).toEqual([limit, EXIT.files]);
      expect(texts.err).toMatch(/too many (open )?files|no more threads/);
      expect(texts.err.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
