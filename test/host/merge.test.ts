import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COUNTER_NAMES,
  type Counters,
  type Execution,
  type HistogramData,
  type MachineStop,
  type ProcessorOutcome,
  type ScopeOutcome,
  type ShardOutcome,
} from '../../src/result/outcome.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import type { CensusCell } from '../../src/result/census.js';
import { sparseCounts } from '../../src/result/sparse-counts.js';
import { PolicyTotal } from '../../src/run/merge.js';
import { lineOf, sumOf } from '../sum-of.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { emptyHistogram, sparseHistogram } from '../../src/result/histogram.js';

const scenario = resolveScenario({
  name: 'merge',
  // With every rule that has counters of its own.
  machine: { processors: 2, watchdog: { routine: '1ms', action: 'stop' } },
  sources: [
    {
      name: 'a',
      irql: 5,
      processor: 0,
      isr: 1,
      arrivals: { poisson: 1000 },
      moderation: { count: 2 },
      dpc: { threaded: true, service: 1 },
    },
    { name: 'b', irql: 6, processor: 1, isr: 1, arrivals: { poisson: 1000 } },
  ],
  policies: ['pre-vista', 'vista'],
  until: { interrupts: 1000 },
});

/** An outcome made of small numbers; every field differs from its neighbours. */
const outcome: fc.Arbitrary<ShardOutcome> = fc.record({
  endNs: fc.integer({ min: 100, max: 1e15 }),
  startNs: fc.integer({ min: 0, max: 100 }),
  unserved: fc.nat(50),
  stop: fc.constant(null),
  machine: scopeOutcome(),
  census: census(),
  sources: fc.tuple(scopeOutcome(), scopeOutcome()),
  processors: fc.tuple(processorOutcome(), processorOutcome()),
});

function scopeOutcome(): fc.Arbitrary<ScopeOutcome> {
  const counters = fc
    .array(
      fc.maxSafeInteger().map((n) => Math.abs(n) % 1e15),
      {
        minLength: COUNTER_NAMES.length,
        maxLength: COUNTER_NAMES.length,
      },
    )
    .map((values) => {
      const entries = COUNTER_NAMES.map((name, i) => [name, values[i]]);
      return Object.fromEntries(entries) as Counters;
    });
  return fc.record({
    counters,
    execution: fc.record({ isr: runTimes(), dpc: runTimes() }),
    isrWait: histogram(),
    dpcWait: histogram(),
    interruptToDpc: histogram(),
  });
}

function runTimes(): fc.Arbitrary<Execution['isr']> {
  return fc.record({ totalNs: fc.bigInt({ min: 0n, max: 2n ** 60n }), maxNs: fc.nat(4e9) });
}

/** A few cells of a few buckets each. */
function census(): fc.Arbitrary<CensusCell[]> {
  const cell = fc
    .record({
      cell: fc.nat(5),
      inserts: fc.nat(1e9),
      sumNs: fc.bigInt({ min: 0n, max: 2n ** 60n }),
      maxNs: fc.nat(1e9),
      counts: fc.array(fc.nat(9), { maxLength: 4 }),
    })
    .map(({ counts, ...rest }) => ({ ...rest, ...sparseCounts(0, Float64Array.from(counts)) }));
  return fc
    .uniqueArray(cell, { selector: (each) => each.cell, maxLength: 4 })
    .map((cells) => cells.sort((a, b) => a.cell - b.cell));
}

function histogram(): fc.Arbitrary<HistogramData> {
  return fc.array(fc.nat(2000), { maxLength: 30 }).map((values) => {
    if (values.length === 0) return emptyHistogram();
    const minNs = Math.min(...values);
    const maxNs = Math.max(...values);
    const counts = new Float64Array(maxNs - minNs + 1);
    for (const value of values) counts[value - minNs]++;
    const sumNs = BigInt(values.reduce((sum, value) => sum + value, 0));
    return sparseHistogram({ sumNs, minNs, maxNs }, minNs, counts);
  });
}

function processorOutcome(): fc.Arbitrary<ProcessorOutcome> {
  const ns = fc.nat(1e9);
  return fc
    .tuple(
      scopeOutcome(),
      fc.record({
        isrNs: ns,
        clockNs: ns,
        ipiNs: ns,
        dispatchDrainNs: ns,
        idleDrainNs: ns,
        threadNs: ns,
        dpcThreadNs: ns,
        idleNs: ns,
      }),
      fc.record({ maximum: fc.nat(100), areaNs: fc.bigInt({ min: 0n, max: 2n ** 60n }) }),
    )
    .map(([scope, timeSplit, queueDepth]) => ({ ...scope, timeSplit, queueDepth }));
}

function sumsOf(shards: readonly ShardOutcome[]): PolicySumState[] {
  return shards.map((shard, index) => sumOf(scenario, 1, lineOf(scenario, index, shard), shard));
}

function totalOf(sums: readonly PolicySumState[]): PolicyTotal {
  const all = new PolicyTotal(scenario, 1);
  for (const sum of sums) all.add(structuredClone(sum));
  return all;
}

function total(shards: readonly ShardOutcome[]): PolicyTotal {
  return totalOf(sumsOf(shards));
}

describe('PolicyTotal', () => {
  it('gives the same bytes in whatever order shards are added', () => {
    fc.assert(
      // From five on there are intervals, sums of fractions.
      fc.property(fc.array(outcome, { minLength: 2, maxLength: 6 }), (shards) => {
        const sums = sumsOf(shards);
        const forwards = JSON.stringify(totalOf(sums).result());
        expect(JSON.stringify(totalOf([...sums].reverse()).result())).toBe(forwards);
      }),
      { numRuns: 40 },
    );
  });

  it('adds counters, times and latencies, and takes means of the sums', () => {
    fc.assert(
      fc.property(outcome, outcome, (a, b) => {
        const result = total([a, b]).result();
        expect(result.policy).toBe('vista');
        for (const name of COUNTER_NAMES) {
          const sum = (read: (shard: ShardOutcome) => ScopeOutcome): number =>
            read(a).counters[name]! + read(b).counters[name]!;
          expect(result.counters[name]).toBe(sum(({ machine }) => machine));
          expect(result.sources[1].counters[name]).toBe(sum(({ sources }) => sources[1]));
        }
        expect(result.counters.unserved).toBe(a.unserved + b.unserved);
        const { dpcWait } = result.latency;
        expect(dpcWait.count).toBe(a.machine.dpcWait.count + b.machine.dpcWait.count);
        expect(dpcWait.sumNs).toBe(Number(a.machine.dpcWait.sumNs + b.machine.dpcWait.sumNs));
        expect(dpcWait.meanNs).toBe(dpcWait.count === 0 ? 0 : dpcWait.sumNs / dpcWait.count);
        const [processor] = result.processors;
        expect(processor.timeSplit.isrNs).toBe(
          a.processors[0].timeSplit.isrNs + b.processors[0].timeSplit.isrNs,
        );
        const areasNs = [a, b].map((shard) => shard.processors[0].queueDepth.areaNs);
        const areaNs = Number(areasNs[0] + areasNs[1]);
        const durationNs = a.endNs - a.startNs + (b.endNs - b.startNs);
        expect(processor.queueDepth.mean).toBeCloseTo(areaNs / durationNs, 6);
        expect(processor.queueDepth.maximum).toBe(
          Math.max(a.processors[0].queueDepth.maximum, b.processors[0].queueDepth.maximum),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('names sources and processors as the scenario does', () => {
    fc.assert(
      fc.property(outcome, (shard) => {
        const result = total([shard]).result();
        expect(result.sources.map(({ name }) => name)).toEqual(['a', 'b']);
        expect(result.processors.map(({ index, name }) => [index, name])).toEqual([
          [0, 'processor 0'],
          [1, 'processor 1'],
        ]);
      }),
      { numRuns: 3 },
    );
  });

  it('counts the shards that a watchdog stopped, and keeps the first', () => {
    const stop = (processor: number): MachineStop => ({
      kind: 'routine',
      processor,
      atNs: 7,
      dpc: 'a',
      isr: null,
    });
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 4, maxLength: 4 }), (shards) => {
        expect(total(shards).result()).not.toHaveProperty('stopped');
        const stopped = shards.map((shard, i) =>
          i % 2 === 1 ? { ...shard, stop: stop(i) } : shard,
        );
        expect(total(stopped).result().stopped).toEqual({
          shards: 2,
          first: { ...stop(1), shard: 1 },
        });
      }),
      { numRuns: 3 },
    );
  });
});
