import { describe, expect, it } from 'vitest';
import { device, THREAD, traceOf } from './trace-of.js';

describe('R18: the processor that is interrupted', () => {
  it('is the one named', () => {
    const { only } = traceOf({
      machine: { processors: 3, background: [THREAD] },
      sources: [device('nic', [1000, 10_000], { processor: 2 })],
      until: 20_000,
    });
    expect(only('arrival')).toEqual(['1000 p2 arrival nic', '10000 p2 arrival nic']);
  });

  it('is element k mod length of a list, which may repeat', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 3, background: [THREAD] },
      sources: [
        device('nic', [1000, 2000, 3000, 4000, 5000, 6000, 7000], { processor: [2, 0, 2] }),
      ],
      until: 20_000,
    });
    expect(only('arrival').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '1000 p2',
      '2000 p0',
      '3000 p2',
      '4000 p2',
      '5000 p0',
      '6000 p2',
      '7000 p2',
    ]);
    expect(outcome.processors.map(({ counters }) => counters.arrivals)).toEqual([2, 0, 5]);
  });

  it('counts k for each source, merged and dropped arrivals included', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('blocker', [1000], { irql: 9, isr: 10_000 }),
        device('a', [2000, 2000, 3000, 4000], { processor: [0, 1], fifo: 1 }),
        device('b', [2500], { processor: [1, 0] }),
      ],
      until: 20_000,
    });
    expect(only('arrival').slice(1)).toEqual([
      '2000 p0 arrival a',
      '2000 p1 arrival a dropped', // two of a source at one instant: in their order
      '2500 p1 arrival b',
      '3000 p0 arrival a merged dropped',
      '4000 p1 arrival a dropped',
    ]);
  });
});
