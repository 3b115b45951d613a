import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import type { Shard } from '../../src/kernel/shard.js';

const short = { ...loadScenario('w8'), until: { timeNs: 1_000_000, interrupts: null } };

describe.each([
  ['this thread', executeInProcess],
  ['a worker thread', executeInPool],
])('a shard that fails in %s', (_, execute) => {
  it('says which it was, and how to see it again', async () => {
    const options = { shards: 2, seed: 7, warmup: 'none', workers: 1 } as const;
    // No plan has such a shard, and the kernel's host does not survive it.
    const broken = (shard: Shard): Shard => ({ ...shard, untilTimeNs: 0.5 });
    const run = runBenchmark(short, options, (scenario, shards, onSum, how) =>
      execute(scenario, shards.map(broken), onSum, how),
    );
    await expect(run).rejects.toThrow(
      /shard 0 of the scenario "w8" under [\w-]+, seed 7\. .* --shard 1\/4 --journal FILE/,
    );
  });
});
