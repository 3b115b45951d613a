import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import {
  BY_INTERRUPTS,
  BY_TIME,
  CASES,
  outcomeOf,
  scenarioOf,
  TIMERS,
  tracedOf,
} from './machines.js';

/** The queue of each processor as the event log tells it: area under its depth, waits by then. */
function replay(events: TraceEvent[], processors: number, endNs: number) {
  const queues = Array.from({ length: processors }, () => ({
    waiting: new Map<string, number>(),
    areaNs: 0,
    sinceNs: 0,
    maximum: 0,
    servedNs: 0,
  }));
  const settle = (p: number, t: number): void => {
    const queue = queues[p];
    queue.areaNs += queue.waiting.size * (t - queue.sinceNs);
    queue.sinceNs = t;
  };
  for (const event of events) {
    if (event.e === 'insert' && event.queued === true) {
      const p = event.target as number;
      settle(p, event.t);
      queues[p].waiting.set(event.dpc as string, event.t);
      queues[p].maximum = Math.max(queues[p].maximum, queues[p].waiting.size);
    } else if (event.e === 'dpc-start') {
      settle(event.p, event.t);
      const { waiting } = queues[event.p];
      queues[event.p].servedNs += event.t - waiting.get(event.dpc as string)!;
      waiting.delete(event.dpc as string);
    }
  }
  queues.forEach((_, p) => settle(p, endNs));
  return queues;
}

describe.each(CASES)('%s, %s', (name, _policy, index) => {
  it('the area under the depth is what has been waited and what waits still', () => {
    const scenario = scenarioOf(name, TIMERS);
    const { outcome, events } = tracedOf(scenario, index, BY_TIME);
    const queues = replay(events, outcome.processors.length, outcome.endNs);
    outcome.processors.forEach(({ queueDepth, dpcWait, counters }, p) => {
      const { areaNs, maximum, servedNs, waiting } = queues[p];
      expect(queueDepth).toEqual({ maximum, areaNs: BigInt(areaNs) });
      expect(dpcWait.sumNs).toBe(BigInt(servedNs));
      const stillWaitNs = [...waiting.values()].reduce((sum, t) => sum + outcome.endNs - t, 0);
      expect(queueDepth.areaNs).toBe(dpcWait.sumNs + BigInt(stillWaitNs));
      expect(counters.stillQueued).toBe(waiting.size);
    });
  });

  it("is Little's law to the nanosecond once every queue is empty", () => {
    const { processors, endNs } = outcomeOf(scenarioOf(name), index, BY_INTERRUPTS);
    for (const { queueDepth, dpcWait, counters } of processors) {
      expect(counters.stillQueued).toBe(0);
      // Mean depth × duration = number served × mean wait.
      expect(queueDepth.areaNs).toBe(dpcWait.sumNs);
      expect(Number(queueDepth.areaNs) / endNs).toBeLessThanOrEqual(queueDepth.maximum);
    }
  });
});
