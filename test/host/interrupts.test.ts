import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { executeInLockstep } from '../../src/run/pool.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { RunCancelled } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { start } from './run-process.js';

/** What a person takes for "at once", with a machine that has other things to do. */
const AT_ONCE_MS = 5_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-interrupts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function within<T>(ended: Promise<T>): Promise<T | 'still running'> {
  return Promise.race([ended, setTimeout(AT_ONCE_MS, 'still running' as const)]);
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends an event log at once, whether its reader reads or not', async () => {
    for (const isRead of [true, false]) {
      const { child, ended } = start(['trace', 'w8', '--policy', 'vista', '-n', '1G']);
      await once(child.stdout, 'data');
      if (!isRead) child.stdout.pause();
      await setTimeout(300);
      child.kill(signal);
      child.stdout.resume();
      expect(await within(ended)).toBe(signal);
    }
  });
});

describe('Ctrl-C', () => {
  // A scenario of a thousand processors that tick, with hardly an interrupt.
  const scenario = {
    machine: { processors: 1024, tick: '1us' },
    sources: [{ name: 'nic', irql: 5, isr: 1000, arrivals: { poisson: 10 } }],
    policies: ['vista'],
    until: { time: '1h' },
  };

  it.each([[], ['--warmup', 'auto']])(
    'ends a run of many ticks and few interrupts',
    { timeout: 60_000 },
    async (...options) => {
      writeFileSync(join(folder, 'ticks.json'), JSON.stringify(scenario));
      const { child, texts, ended } = start(['run', 'ticks.json', '-w', '1', ...options], {
        cwd: folder,
      });
      // A line of progress says that the run is under way and that the host is heard.
      await once(child.stderr, 'data');
      child.kill('SIGINT');
      expect(await within(ended)).toBe(EXIT.interrupted);
      expect(texts.err).toMatch(/Interrupted: 0 of 1 shards done/);
    },
  );

  it('is heard within a shard by whoever runs again one event at a time', async () => {
    const resolved = resolveScenario(scenario);
    const cancel = new AbortController();
    const onProgress = (): void => cancel.abort();
    const run = runBenchmark(
      resolved,
      { workers: 1, signal: cancel.signal, onProgress },
      executeInLockstep,
    );
    await expect(within(run)).rejects.toThrow(RunCancelled);
  });
});
