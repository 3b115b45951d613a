import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import { type Execute, RunCancelled, type RunProgress } from '../../src/run/tasks.js';
import type { RecordedArrivals, Scenario } from '../../src/scenario/scenario.js';
import { resolveScenario } from '../../src/scenario/parse.js';

const w8: Scenario = { ...loadScenario('w8'), until: { timeNs: null, interrupts: 200_000 } };

/** Everything that must not depend on the host. */
async function bytes(scenario: Scenario, options: RunOptions, execute: Execute): Promise<string> {
  const document = await runBenchmark(scenario, options, execute);
  const { host: _host, ...meta } = document.meta;
  return JSON.stringify({ ...document, meta });
}

describe('a result', () => {
  it('is the same to the last byte with 1, 2 and 7 workers and without any', async () => {
    const shards = 9;
    const alone = await bytes(w8, { shards }, executeInProcess);
    for (const workers of [1, 2, 7]) {
      expect(await bytes(w8, { shards, workers }, executeInPool)).toBe(alone);
    }
    expect(JSON.parse(alone)).toMatchObject({ meta: { shards, interrupts: 400_000 } });
  });

  it('differs with the seed', async () => {
    const small: Scenario = { ...w8, until: { timeNs: null, interrupts: 2_000 } };
    const results = async (seed: number): Promise<unknown> =>
      (await runBenchmark(small, { seed }, executeInProcess)).results;
    expect(await results(1)).not.toEqual(await results(2));
    expect(await results(1)).toEqual(await results(1));
  });

  it('is the same for a recording, which workers read from shared memory', async () => {
    const replay = withRecording();
    expect(await bytes(replay, { workers: 2 }, executeInPool)).toBe(
      await bytes(replay, {}, executeInProcess),
    );
  });
});

describe('a pool', () => {
  it('ends a cancelled run with the current chunks and says what was done', async () => {
    const endless: Scenario = { ...w8, until: { timeNs: null, interrupts: 1_000_000_000 } };
    const controller = new AbortController();
    const seen: RunProgress[] = [];
    const run = runBenchmark(
      endless,
      {
        workers: 2,
        signal: controller.signal,
        onProgress: (progress) => {
          seen.push(progress);
          if (progress.interrupts > 0) controller.abort();
        },
      },
      executeInPool,
    );
    await expect(run).rejects.toThrow(RunCancelled);
    const last = seen.at(-1)!;
    expect(last.interrupts).toBeGreaterThan(0);
    expect(last.share).toBeLessThan(1);
  });

  it('keeps the problems of an input that only the kernel refuses', async () => {
    const fifo = 1_048_576;
    const source = (i: number): object => ({
      name: `s${i}`,
      irql: 5,
      processor: 0,
      isr: 1,
      fifo,
      arrivals: { poisson: 1000 },
      dpc: { service: { exponential: 1000 } },
    });
    const sources = Array.from({ length: 600 }, (_, i) => source(i));
    const huge = resolveScenario({
      name: 'huge',
      machine: { processors: 1 },
      sources,
      policies: ['vista'],
      until: { interrupts: 10 },
    });
    const failure = await runBenchmark(huge, {}, executeInPool).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    const direct = await runBenchmark(huge, {}, executeInProcess).catch((error: unknown) => error);
    expect((failure as InputError).problems).toEqual((direct as InputError).problems);
  });
});

function withRecording(): Scenario {
  const count = 500;
  const recording: RecordedArrivals = {
    origin: 'made for this test',
    atNs: Float64Array.from({ length: count }, (_, i) => 1_000 + i * 7_001),
    processor: Uint16Array.from({ length: count }, (_, i) => (i * 3) % 8),
    isrNs: Uint32Array.from({ length: count }, (_, i) => 500 + (i % 7) * 100),
    serviceNs: Uint32Array.from({ length: count }, (_, i) => 900 + (i % 11) * 350),
  };
  const [first, ...others] = w8.sources;
  if (first.kind === 'timer') throw new Error('w8 begins with a device');
  return {
    ...w8,
    sources: [{ ...first, arrivals: { kind: 'recording', recording } }, ...others],
    until: { timeNs: 20_000_000, interrupts: null },
  };
}
