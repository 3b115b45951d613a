import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { simulateShard } from '../simulate.js';
import type { HistogramData, ShardOutcome } from '../../src/result/outcome.js';
import { summarize } from '../../src/result/histogram.js';
import {
  fingerprintsOf,
  KERNELS,
  requestsOf,
  simulateTwin,
} from '../conformance/simulate-models.js';

/** 11.5 days: nothing is simulated beyond it. */
const LONGEST_NS = 1_000_000_000_000_000;
/** Until shortly before it a thread holds a spin lock. */
const HELD_NS = LONGEST_NS - 1_000_000_000;
const HOLDER = { busy: HELD_NS, dispatch: HELD_NS, idle: 1 };

/** After the halted processor woke and its thread began. */
const ARRIVAL_NS = 10_000;

function written(machine: object, sources: object[], time: number): Record<string, unknown> {
  return {
    machine: { tick: LONGEST_NS, ...machine },
    sources,
    policies: ['vista'],
    until: { time },
  };
}

/** Items that wait together for one routine, and so all equally long. */
const ITEMS = 20_000;
const items = written(
  { background: [HOLDER] },
  [
    {
      name: 'nic',
      irql: 5,
      processor: 0,
      isr: 0,
      fifo: ITEMS,
      arrivals: { at: Array<number>(ITEMS).fill(ARRIVAL_NS) },
      dpc: { service: 100 },
    },
  ],
  LONGEST_NS,
);

/** Objects that all wait on the queue of processor 0. */
const PROCESSORS = 256;
const SOURCES = 80;
const objects = (time: number): Record<string, unknown> => {
  const background = Array.from({ length: PROCESSORS }, (_, i) => (i === 0 ? HOLDER : { busy: 0 }));
  const processor = Array.from({ length: PROCESSORS }, (_, i) => i);
  const sources = Array.from({ length: SOURCES }, (_, i) => ({
    name: `source${i}`,
    irql: 5,
    processor,
    isr: 0,
    fifo: 1,
    arrivals: { at: Array<number>(PROCESSORS).fill(ARRIVAL_NS) },
    dpc: { target: 0, objects: 'per-processor', service: 100 },
  }));
  return written({ processors: PROCESSORS, background }, sources, time);
};

/** One for each of the kernels, which must have the outcome that is answered. */
function agreed(request: ShardRequest): ShardOutcome {
  const twin = simulateTwin(request);
  const seen = fingerprintsOf(request, KERNELS);
  const expected = Object.keys(seen).map((name) => [name, fingerprint(twin)]);
  expect(seen).toEqual(Object.fromEntries(expected));
  return twin;
}

function expectEqualWaits({ count, sumNs, minNs, maxNs }: HistogramData, samples: number): void {
  expect([count, minNs]).toEqual([samples, maxNs]);
  expect(sumNs).toBe(BigInt(samples) * BigInt(maxNs));
}

describe('sums that do not fit 64 bits are exact', () => {
  it('of the time that items wait', () => {
    const [request] = requestsOf(items, { seed: 1 });
    const { machine, sources, processors } = agreed(request);
    for (const scope of [machine, ...sources, ...processors]) {
      expectEqualWaits(scope.interruptToDpc, ITEMS);
    }
    const { sumNs, maxNs } = machine.interruptToDpc;
    expect(sumNs).toBeGreaterThan(2n ** 64n);
    expect(maxNs).toBeGreaterThan(HELD_NS - ARRIVAL_NS);
    const { meanNs } = summarize(machine.interruptToDpc);
    expect(meanNs).toBeCloseTo(maxNs, -3);
  });

  it('of the time that DPCs wait, and of the area under the depth', () => {
    const [request] = requestsOf(objects(LONGEST_NS), { seed: 1 });
    const { machine, processors } = agreed(request);
    expect(machine.dpcWait.count).toBe(PROCESSORS * SOURCES);
    expect(machine.dpcWait.sumNs).toBeGreaterThan(2n ** 64n);
    expect(processors[0].queueDepth.areaNs).toBe(machine.dpcWait.sumNs);
  });

  it('while they still wait, and from the end of a warm-up on', () => {
    const endNs = HELD_NS - 1;
    const [request] = requestsOf(objects(endNs), { seed: 1 });
    const whole = simulateTwin(request).processors[0].queueDepth;
    expect(whole.areaNs).toBeGreaterThan(2n ** 64n);
    // The low half of the area is less at the end than it was there.
    const halfNs = HELD_NS / 2;
    const [upToHalf] = requestsOf(objects(halfNs), { seed: 1 });
    const { areaNs } = simulateTwin(upToHalf).processors[0].queueDepth;
    expect(BigInt.asUintN(64, whole.areaNs)).toBeLessThan(areaNs);
    const after: [warmupNs: number, areaNs: bigint][] = [
      [endNs - 5, BigInt(5 * whole.maximum)],
      [halfNs, whole.areaNs - areaNs],
    ];
    for (const kernel of KERNELS.slice(0, 2)) {
      expect(simulateShard(request, kernel).processors[0].queueDepth).toEqual(whole);
      for (const [warmupNs, areaNs] of after) {
        const { queueDepth } = simulateShard({ ...request, warmupNs }, kernel).processors[0];
        expect(queueDepth).toEqual({ maximum: whole.maximum, areaNs });
      }
    }
  });
});
