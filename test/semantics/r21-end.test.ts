import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R21: until.time', () => {
  it('includes what happens at it, and nothing later', () => {
    const run = (until: number): string[] =>
      traceOf({
        machine: { background: [THREAD] },
        sources: [device('nic', [10_000], { dpc: dpc() })],
        until,
      }).lines.slice(1);
    expect(run(9999)).toEqual([]);
    expect(run(10_000)).toEqual(['10000 p0 arrival nic', '10000 p0 isr-start nic']);
    expect(run(12_499)).toHaveLength(2);
    expect(run(12_500).slice(2)).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '12500 p0 isr-end nic',
      '12500 p0 drain-start dispatch',
    ]);
  });

  it('is where the run ends, whatever happened last', () => {
    const { outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('nic', [10_000], { dpc: dpc() })],
      until: 13_456,
    });
    expect(outcome.endNs).toBe(13_456);
    // What is under way counts for the time that it has run.
    expect(outcome.processors[0].timeSplit).toMatchObject({
      threadNs: 10_000,
      isrNs: 2500,
      dispatchDrainNs: 956,
    });
  });
});

describe('R21: until.time with more arrivals at that instant than a chunk or the log holds', () => {
  it.each([5_001, 6_000, 80_000])('takes all %i of one source', (count) => {
    const { outcome } = traceOf({
      sources: [device('nic', Array<number>(count).fill(1000), { dpc: dpc() })],
      until: 1000,
    });
    expect(outcome.machine.counters).toMatchObject({ arrivals: count, merged: count - 2, isrs: 1 });
    expect(outcome.endNs).toBe(1000);
  });

  it('takes those of many sources', () => {
    const sources = Array.from({ length: 60 }, (_, i) => ({
      ...device(`nic${i}`, [], { isr: 100, dpc: dpc() }),
      arrivals: { periodic: { period: 1000 } },
    }));
    const { outcome } = traceOf({ sources, until: 83_000 });
    // At 0, 1,000 and so on to 83,000; the 5,000th is within the last instant.
    expect(outcome.machine.counters.arrivals).toBe(60 * 84);
  });
});

describe('R21: until.interrupts', () => {
  it('counts arrivals of all sources together, merged ones too, and then finishes the work', () => {
    const { only, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('a', [10_000, 10_100, 10_200, 50_000], { dpc: dpc() }),
        device('b', [10_150, 60_000]),
      ],
      until: { interrupts: 4 },
    });
    expect(only('arrival', 'isr-start', 'dpc-start', 'dpc-end')).toEqual([
      '10000 p0 arrival a',
      '10000 p0 isr-start a',
      '10100 p0 arrival a',
      '10150 p0 arrival b',
      '10200 p0 arrival a merged', // the fourth
      '12500 p0 isr-start a',
      '15000 p0 isr-start b',
      // The drain starts at 17500. From its dequeue on no item, queued DPC or ISR is left: a
      // routine that runs does not hold the run open.
      '18000 p0 dpc-start a items 3 wait 5500',
    ]);
    expect(outcome.endNs).toBe(18_000);
    expect(outcome.unserved).toBe(0);
    expect(outcome.machine.counters.arrivals).toBe(4);
  });

  it('takes arrivals of one instant in the order in which they happen', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('a', [10_000]), device('b', [10_000]), device('c', [10_000])],
      until: { interrupts: 2 },
    });
    expect(only('arrival')).toEqual(['10000 p0 arrival a', '10000 p0 arrival b']);
  });

  it('is over in the same way when the lists run dry before N', () => {
    const { outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('a', [10_000], { dpc: dpc() })],
      until: { interrupts: 1000 },
    });
    expect(outcome.endNs).toBe(13_000);
    expect(outcome.machine.counters).toMatchObject({ arrivals: 1, dpcs: 1 });
  });

  it('waits for what a tick must rescue', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], tick: 100_000 },
      sources: [device('a', [10_000], { dpc: dpc({ target: 1 }) })],
      until: { interrupts: 1 },
    });
    expect(outcome.endNs).toBe(101_500); // clock 1000, entry 500
    expect(outcome.unserved).toBe(0);
  });

  it('gives up at the 1,000th tick of processor 0 without progress, and says what was left', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], tick: 10_000 },
      policy: { name: 'helpless', extends: 'pre-vista', tickRescue: false },
      sources: [
        device('a', [1000, 5000], { dpc: dpc({ target: 1 }) }),
        // Timers go on for ever: they are no progress.
        { name: 't', timer: { due: 5000, period: 50_000 }, processor: 0, service: 10 },
      ],
      until: { interrupts: 2 },
    });
    // Counted from the last arrival on, at 5000, before the first tick; its ISR began with it.
    expect(outcome.endNs).toBe(1000 * 10_000);
    expect(outcome.unserved).toBe(2);
    expect(outcome.machine.counters).toMatchObject({ arrivals: 2, stillQueued: 1 });
  });

  it('counts a tick only when nothing has been served since the one before', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], tick: 10_000 },
      policy: { name: 'helpless', extends: 'pre-vista', tickRescue: false },
      sources: [device('a', [1000, 1100], { dpc: dpc({ target: 1 }) })],
      until: { interrupts: 2 },
    });
    // The ISR of the last arrival is accepted at 3500: the first tick does not count.
    expect(outcome.endNs).toBe(1001 * 10_000);
  });

  it('does not count ticks before the last arrival, however long nothing happens', () => {
    const { outcome } = traceOf({
      machine: { background: [THREAD], tick: 10_000 },
      sources: [device('a', [1000, 20_005_000], { dpc: dpc() })],
      until: { interrupts: 2 },
    });
    expect(outcome.unserved).toBe(0);
    expect(outcome.endNs).toBe(20_008_000); // ISR 2500, entry 500
  });

  it('gives up though dynamicTick skips the ticks', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, tick: 10_000, dynamicTick: true },
      policy: { name: 'helpless', extends: 'pre-vista', tickRescue: false },
      sources: [device('a', [1000], { dpc: dpc({ target: 1 }) })],
      until: { interrupts: 1 },
    });
    expect(outcome.endNs).toBe(1000 * 10_000);
    expect(outcome.machine.counters.ticks).toBe(0);
    expect(outcome.unserved).toBe(1);
  });

  it('ends at until.time if that comes first', () => {
    const { outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('a', [10_000, 20_000, 30_000], { dpc: dpc() })],
      until: { interrupts: 3, time: 25_000 },
    });
    expect(outcome.endNs).toBe(25_000);
    expect(outcome.machine.counters).toMatchObject({ arrivals: 2, dpcs: 2 });
  });

  it('has nothing unserved when until.time ended it: it has not given up', () => {
    const { outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('a', [10_000, 10_100, 30_000], { dpc: dpc() })],
      until: { interrupts: 3, time: 12_000 },
    });
    expect(outcome.unserved).toBe(0);
  });
});
