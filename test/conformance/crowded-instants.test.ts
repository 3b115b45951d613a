import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import { COUNTER_NAMES, type ShardOutcome } from '../../src/result/outcome.js';
import { randomScenario } from './random-scenario.js';
import { CROWD_NS } from './time-palettes.js';
import {
  fingerprintsOf,
  KERNEL_PAIRS,
  nameOf,
  requestsOf,
  simulateTwin,
  traceKernel,
} from './simulate-models.js';
import { simulateShard } from '../simulate.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 150);
const SEED = Number(process.env['DPCBENCH_RANDOM_SEED'] ?? 42_017);

/** Arrivals between two words with the host, so that it speaks in the middle of an instant. */
const chunk = fc.constantFrom(1, 2, 3, 7, 40, 256);
const crowd = fc.oneof(
  randomScenario({ isDrawn: false, palette: 'crowded' }),
  randomScenario({ isDrawn: true, palette: 'crowded' }),
);

/** Two of the four kernels, in turn. */
const pair = fc.constantFrom(...KERNEL_PAIRS);

/** What a shard counted of the machine, its sources and processors, but what is still to come. */
function countsOf({ machine, sources, processors }: ShardOutcome): number[] {
  const names = COUNTER_NAMES.filter((name) => name !== 'stillQueued');
  return [machine, ...sources, ...processors].flatMap(({ counters, interruptToDpc, dpcWait }) => [
    ...names.map((name) => counters[name] ?? 0),
    interruptToDpc.count,
    dpcWait.count,
  ]);
}

describe('with many arrivals at one instant', () => {
  it('kernel and twin agree however often the host is heard', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(crowd, fc.nat(), chunk, pair, (written, seed, chunkInterrupts, kernels) => {
        for (const request of requestsOf(written, { seed })) {
          const events: string[] = [];
          const twin = simulateTwin(request, (event) => events.push(JSON.stringify(event)));
          const traced = traceKernel(request, { chunkInterrupts });
          expect(traced.events.map((event) => JSON.stringify(event))).toEqual(events);
          const seen = {
            'with its log': fingerprint(traced.outcome),
            ...fingerprintsOf(
              request,
              kernels.map((each) => ({ ...each, chunkInterrupts })),
            ),
          };
          const expected = Object.keys(seen).map((name) => [name, fingerprint(twin)]);
          expect(seen).toEqual(Object.fromEntries(expected));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('a warm-up ends behind the last event of its instant', { timeout: 600_000 }, () => {
    const instant = fc.integer({ min: 1, max: 7 });
    const cut = fc.tuple(instant, instant).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(crowd, fc.nat(), chunk, pair, cut, (written, seed, chunkInterrupts, ...more) => {
        const [kernels, at] = more;
        const [warmupNs, time] = at.map((each) => each * CROWD_NS).sort((a, b) => a - b);
        for (const request of requestsOf({ ...written, until: { time } }, { seed })) {
          const before = countsOf(simulateTwin({ ...request, untilTimeNs: warmupNs }));
          const whole = simulateTwin(request);
          const rest = countsOf(whole).map((count, i) => count - before[i]);
          // A watchdog may have stopped the machine before.
          const span = [Math.min(warmupNs, whole.endNs), whole.endNs];
          for (const kernel of kernels) {
            const after = simulateShard({ ...request, warmupNs }, { ...kernel, chunkInterrupts });
            expect([after.startNs, after.endNs]).toEqual(span);
            expect(countsOf(after), nameOf(kernel)).toEqual(rest);
          }
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
