import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../../src/scenario/parse.js';
import { noExecution } from '../../src/result/outcome.js';
import { simulateShard } from '../simulate.js';

const costs = { interrupt: 700, dequeue: 90 };
const machine = { processors: 2, tick: '1ms', costs };

/** Constant times, so that every total is a product. */
const constant = resolveScenario({
  machine,
  sources: [
    {
      name: 'here',
      irql: 5,
      isr: '3us',
      arrivals: { poisson: 9000 },
      dpc: { service: '20us', perItem: '2us' },
    },
    {
      name: 'both',
      irql: 6,
      processor: [0, 1],
      isr: '4us',
      arrivals: { poisson: 9000 },
      dpc: { target: 'round-robin', importance: 'high', service: '7us' },
    },
    { name: 'isr-only', irql: 7, processor: 1, isr: '30us', arrivals: { poisson: 1000 } },
    {
      name: 'threaded',
      irql: 4,
      isr: '1us',
      arrivals: { poisson: 500 },
      dpc: { threaded: true, service: '150us' },
    },
    { name: 'timer', timer: { period: '3ms' }, processor: 1, service: '11us' },
    { name: 'other-timer', timer: { period: '3ms' }, processor: 1, service: '5us' },
  ],
  policies: ['vista'],
  until: { time: '400ms' },
});

const shard = {
  scenario: constant,
  policyIndex: 0,
  seed: 1,
  shardIndex: 0,
  warmupNs: 0,
  untilTimeNs: 400_000_000,
  untilInterrupts: null,
};

describe('execution times', () => {
  const { sources, processors, machine: all } = simulateShard(shard);

  it('of a source are its routines and ISRs, without the costs around them', () => {
    const [here, both, isrOnly, threaded, timer] = sources;
    expect(here.execution.isr).toEqual({
      totalNs: BigInt(here.counters.isrs) * 3000n,
      maxNs: 3000,
    });
    const items = BigInt(here.interruptToDpc.count);
    expect(here.execution.dpc.totalNs).toBe(BigInt(here.counters.dpcs) * 20_000n + items * 2000n);
    expect(here.execution.dpc.maxNs).toBeGreaterThan(22_000);
    expect(both.execution.dpc).toEqual({
      totalNs: BigInt(both.counters.dpcs) * 7000n,
      maxNs: 7000,
    });
    expect(isrOnly.execution).toEqual({
      isr: { totalNs: BigInt(isrOnly.counters.isrs) * 30_000n, maxNs: 30_000 },
      dpc: { totalNs: 0n, maxNs: 0 },
    });
    expect(threaded.execution.dpc.maxNs).toBe(150_000);
    const expiries = BigInt(timer.interruptToDpc.count);
    expect(timer.execution.dpc).toEqual({ totalNs: expiries * 11_000n, maxNs: 11_000 });
    expect(expiries).toBeGreaterThan(100n);
  });

  it('of processors are those of what ran on them, the timers in one routine', () => {
    const sum = (scopes: typeof sources, kind: 'isr' | 'dpc'): bigint =>
      scopes.reduce((total, { execution }) => total + execution[kind].totalNs, 0n);
    for (const kind of ['isr', 'dpc'] as const) {
      expect(sum(processors, kind)).toBe(sum(sources, kind));
      expect(all.execution[kind].totalNs).toBe(sum(sources, kind));
      const longest = processors.map(({ execution }) => execution[kind].maxNs);
      expect(all.execution[kind].maxNs).toBe(Math.max(...longest));
    }
    expect(processors[1].execution.dpc.maxNs).toBe(16_000);
    expect(processors[1].execution.isr.maxNs).toBe(30_000);
    expect(processors[0].execution.dpc.maxNs).toBe(150_000);
  });

  it('fit into the time that the processors spent, the costs beside them', () => {
    for (const { counters, execution, timeSplit } of processors) {
      const isrNs = Number(execution.isr.totalNs) + 700 * counters.isrs;
      expect(timeSplit.isrNs).toBeGreaterThan(isrNs - 40_000);
      const drainsNs = timeSplit.dispatchDrainNs + timeSplit.idleDrainNs;
      const dpcNs = Number(execution.dpc.totalNs) + 90 * counters.dpcs;
      expect(drainsNs + (timeSplit.dpcThreadNs ?? 0)).toBeGreaterThan(dpcNs - 200_000);
    }
  });

  it('are forgotten at the end of the warm-up', () => {
    const warm = simulateShard({ ...shard, warmupNs: 399_999_999 });
    const total = warm.processors.reduce((sum, { execution }) => sum + execution.dpc.totalNs, 0n);
    expect(total).toBeLessThan(200_000n);
    expect(noExecution().dpc.maxNs).toBe(0);
  });
});
