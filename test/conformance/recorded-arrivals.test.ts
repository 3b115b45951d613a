import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import { seededDraws } from '../model/seeded-draws.js';
import { runTwin } from '../model/twin.js';
import { simulateShard } from '../simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { RecordedArrivals, Scenario } from '../../src/scenario/scenario.js';

const PROCESSORS = 3;

interface Row {
  gapNs: number;
  processor: number;
  isrNs: number;
  serviceNs: number;
}

function recorded(rows: readonly Row[]): RecordedArrivals {
  let atNs = 0;
  return {
    origin: 'invented',
    atNs: Float64Array.from(rows, ({ gapNs }) => (atNs += gapNs)),
    processor: Uint16Array.from(rows, ({ processor }) => processor),
    isrNs: Uint32Array.from(rows, ({ isrNs }) => isrNs),
    serviceNs: Uint32Array.from(rows, ({ serviceNs }) => serviceNs),
  };
}

/** More rows than a line's ring holds, so that arrivals are drawn ahead more than once. */
const rows = fc.array(
  fc.record({
    gapNs: fc.oneof(fc.constantFrom(0, 1), fc.nat(40_000)),
    processor: fc.nat(PROCESSORS - 1),
    isrNs: fc.oneof(fc.constantFrom(0), fc.nat(5_000)),
    serviceNs: fc.nat(20_000),
  }),
  { minLength: 1, maxLength: 900, size: 'max' },
);

function scenarioOf(recording: RecordedArrivals, target: unknown, objects: string): Scenario {
  return resolveScenario(
    {
      machine: {
        processors: PROCESSORS,
        tick: 100_000,
        costs: { interrupt: objects === 'one' ? 0 : 300 },
        background: { busy: { exponential: '30us' }, idle: '20us', passive: 9000, dispatch: 1000 },
      },
      sources: [
        {
          name: 'recorded',
          irql: 5,
          arrivals: { recording: 'invented', stream: 'one' },
          dpc: { target, objects, perItem: { uniform: [0, 500] } },
        },
        { name: 'beside', irql: 7, isr: 700, arrivals: { poisson: '20000/s' } },
      ],
      policies: ['vista', 'msdn'],
      until: { time: '50ms' },
    },
    { resolveRecording: () => recording },
  );
}

describe('arrivals out of a recording', () => {
  it.each([
    { target: 'current', objects: 'per-processor' },
    { target: 'current', objects: 'one' },
    { target: 1, objects: 'per-processor' },
    { target: 'round-robin', objects: 'one' },
  ])('are the same for twin and kernel: $target, $objects', ({ target, objects }) => {
    fc.assert(
      fc.property(rows, fc.nat(1), (columns, policyIndex) => {
        const scenario = scenarioOf(recorded(columns), target, objects);
        const end = { untilTimeNs: scenario.until.timeNs, untilInterrupts: null };
        const shard = { seed: 3, shardIndex: 1 };
        const draws = seededDraws(scenario, shard.seed, shard.shardIndex);
        const twin = fingerprint(runTwin(scenario, policyIndex, { draws, ...end }));
        const request = { scenario, policyIndex, warmupNs: 0, ...shard, ...end };
        for (const lockstep of [false, true]) {
          expect(fingerprint(simulateShard(request, { lockstep }))).toBe(twin);
        }
      }),
      { numRuns: 25, seed: 20 },
    );
  });
});
