import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import type { Kernel } from '../../src/kernel/compiled-kernel.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { standardWorkload } from '../../src/scenario/workloads.js';
import { reusedMemory, simulateShard } from '../simulate.js';
import { randomScenario } from './random-scenario.js';
import { requestsOf } from './simulate-models.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 400);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 1_979);

/** The fingerprint of a shard that runs ahead if it may, and whether it did so to its end. */
function runAhead(request: ShardRequest): { print: string; isAhead: boolean } {
  const kernels: Kernel[] = [];
  const watch = (kernel: Kernel): Kernel => (kernels.push(kernel), kernel);
  const series = new ShardSeries(request.scenario, request.policyIndex, {
    kernel: shippedKernel('release'),
    spare: reusedMemory(request.scenario, 'release false'),
    watch,
  });
  series.simulate(request);
  const isAhead = kernels.every((kernel) => kernel.isInStep() === 0);
  return { print: fingerprint(series.finish().outcome()), isAhead };
}

function runInStep(request: ShardRequest): string {
  return fingerprint(simulateShard(request, { lockstep: true }));
}

describe('processors that run ahead have the results of one event at a time', () => {
  it('where all that happens coincides', { timeout: 600_000 }, () => {
    let all = 0;
    let ahead = 0;
    fc.assert(
      fc.property(randomScenario({ isDrawn: false, palette: 'grid' }), (written) => {
        for (const request of requestsOf(written, { seed: 1 })) {
          const { print, isAhead } = runAhead(request);
          all++;
          if (isAhead) ahead++;
          expect(print).toBe(runInStep(request));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(all).toBe(2 * RUNS);
    expect(ahead).toBeGreaterThanOrEqual(all / 2);
  });

  it.each([
    { processors: 8, interrupts: 2_500 * RUNS },
    { processors: 64, interrupts: 1_250 * RUNS },
  ])('on $interrupts interrupts of w$processors', ({ processors, interrupts }) => {
    const request = { seed: 3, shardIndex: 0, untilTimeNs: null, warmupNs: 0 };
    const scenario = resolveScenario(standardWorkload(processors));
    for (const policyIndex of scenario.policies.keys()) {
      const shard = { ...request, scenario, policyIndex, untilInterrupts: interrupts };
      expect(fingerprint(simulateShard(shard))).toBe(runInStep(shard));
    }
  });
});
