import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { randomScenario } from './random-scenario.js';
import type { WrittenScenario } from './random-scenario.js';
import { requestsOf, simulateTwin, traceKernel } from './simulate-models.js';
import { simulateShard } from '../simulate.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 300);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 20_090_401);

/** Both models, the kernel with and without the event log: three times the same answer. */
function compare(written: WrittenScenario, seed: number): void {
  for (const request of requestsOf(written, { seed })) {
    const { name } = request.scenario.policies[request.policyIndex];
    const expected: string[] = [];
    const twin = simulateTwin(request, (event) => expected.push(JSON.stringify(event)));
    const { events, outcome } = traceKernel(request);
    expectSame(
      events.map((event) => JSON.stringify(event)),
      expected,
      name,
    );
    expectAlike(outcome, twin, name);
    expectAlike(simulateShard(request), twin, name);
  }
}

/** Looks for the first difference only where there is one: that takes its time. */
function expectSame(seen: string[], expected: string[], what: string): void {
  if (seen.join('\n') !== expected.join('\n')) expect(seen, what).toEqual(expected);
}

function expectAlike(seen: ShardOutcome, expected: ShardOutcome, what: string): void {
  if (fingerprint(seen) === fingerprint(expected)) return;
  expect(figures(seen), what).toEqual(figures(expected));
  expect.unreachable('a fingerprint differs where no figure does');
}

/** An outcome as plain values. */
function figures(outcome: ShardOutcome): unknown {
  return JSON.parse(
    JSON.stringify(outcome, (_key, value: unknown) => {
      if (typeof value === 'bigint') return String(value);
      return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
    }),
  );
}

describe('kernel and twin agree to the last event and figure', () => {
  it.each([
    { name: 'constant durations', isDrawn: false },
    { name: 'drawn durations', isDrawn: true },
  ])('on random scenarios with $name', { timeout: 600_000 }, ({ isDrawn }) => {
    fc.assert(
      fc.property(randomScenario({ isDrawn }), fc.nat(), (written, seed) => compare(written, seed)),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
