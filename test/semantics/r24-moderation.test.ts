import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

const ONE_THREAD = { background: [THREAD] };

describe('R24: interrupt moderation', () => {
  it('raises when the time since the first arrival pending is over; one ISR for all', () => {
    const { only, outcome } = traceOf({
      machine: ONE_THREAD,
      sources: [
        device('nic', [10_000, 14_000, 19_999], {
          dpc: dpc(),
          moderation: { time: 10_000 },
        }),
      ],
      until: 60_000,
    });
    expect(only('arrival', 'raise', 'isr-start', 'dpc-start')).toEqual([
      '10000 p0 arrival nic held',
      '14000 p0 arrival nic held',
      '19999 p0 arrival nic held',
      '20000 p0 raise nic',
      '20000 p0 isr-start nic',
      '23000 p0 dpc-start nic items 3 wait 500',
    ]);
    expect(outcome.machine.counters).toMatchObject({ arrivals: 3, held: 3, isrs: 1, merged: 0 });
    expect(outcome.machine.isrWait).toMatchObject({ count: 1, maxNs: 0 }); // from the raise
    expect(outcome.machine.interruptToDpc.maxNs).toBe(13_000);
  });

  it('starts the time anew with the first arrival after the raise', () => {
    const { only } = traceOf({
      machine: ONE_THREAD,
      sources: [device('nic', [10_000, 21_000, 22_000], { moderation: { time: 10_000 } })],
      until: 60_000,
    });
    expect(only('raise')).toEqual(['20000 p0 raise nic', '31000 p0 raise nic']);
  });

  it('raises by the arrival that makes up the count, which ends the time', () => {
    const { only, outcome } = traceOf({
      machine: ONE_THREAD,
      sources: [
        device('nic', [10_000, 11_000, 12_000, 13_000], {
          dpc: dpc(),
          moderation: { time: 50_000, count: 3 },
        }),
      ],
      until: 100_000,
    });
    expect(only('arrival', 'raise', 'isr-start')).toEqual([
      '10000 p0 arrival nic held',
      '11000 p0 arrival nic held',
      '12000 p0 arrival nic',
      '12000 p0 isr-start nic',
      '13000 p0 arrival nic held',
      '63000 p0 raise nic',
      '63000 p0 isr-start nic',
    ]);
    expect(outcome.machine.counters.held).toBe(3);
  });

  it('merges a raise with an interrupt that waits', () => {
    const { only, outcome } = traceOf({
      machine: ONE_THREAD,
      sources: [
        device('block', [9000], { irql: 9, isr: 20_000 }),
        device('nic', [10_000, 12_000], { moderation: { time: 1000 } }),
      ],
      until: 60_000,
    });
    expect(only('raise', 'isr-start')).toEqual([
      '9000 p0 isr-start block',
      '11000 p0 raise nic',
      '13000 p0 raise nic merged',
      '29500 p0 isr-start nic',
    ]);
    expect(outcome.machine.counters).toMatchObject({ merged: 1, held: 2, isrs: 2 });
    expect(outcome.machine.isrWait.maxNs).toBe(18_500);
  });

  it('is for each processor apart', () => {
    const { only } = traceOf({
      machine: { processors: 2, ...ONE_THREAD },
      sources: [
        device('nic', [10_000, 11_000, 12_000, 13_000], {
          processor: [1, 0],
          moderation: { time: 5000 },
        }),
      ],
      until: 60_000,
    });
    expect(only('raise')).toEqual(['15000 p1 raise nic', '16000 p0 raise nic']);
  });

  it("happens, at one instant, after the source's arrivals, lowest processor first", () => {
    const { only } = traceOf({
      machine: { processors: 2, ...ONE_THREAD },
      sources: [
        device('nic', [10_000, 10_000, 15_000], {
          processor: [1, 0, 0],
          moderation: { time: 5000 },
        }),
        device('later', [15_000], { irql: 3 }),
      ],
      until: 17_000,
    });
    expect(only('arrival', 'raise').slice(2)).toEqual([
      '15000 p0 arrival nic held', // it belongs to what is raised now
      '15000 p0 raise nic',
      '15000 p1 raise nic',
      '15000 p0 arrival later',
    ]);
  });

  it('of no time raises at the same instant, after all arrivals of it', () => {
    const { only } = traceOf({
      machine: ONE_THREAD,
      sources: [device('nic', [10_000, 10_000], { moderation: { time: 0 } })],
      until: 17_000,
    });
    expect(only('arrival', 'raise')).toEqual([
      '10000 p0 arrival nic held',
      '10000 p0 arrival nic held',
      '10000 p0 raise nic',
    ]);
  });

  it('counts an arrival whose item was dropped', () => {
    const { only } = traceOf({
      machine: ONE_THREAD,
      sources: [
        device('nic', [10_000, 10_100, 10_200], {
          fifo: 1,
          dpc: dpc(),
          moderation: { count: 3 },
        }),
      ],
      until: 30_000,
    });
    expect(only('arrival')).toEqual([
      '10000 p0 arrival nic held',
      '10100 p0 arrival nic held dropped',
      '10200 p0 arrival nic dropped',
    ]);
  });

  it('raises although a routine has served the items meanwhile', () => {
    const { only } = traceOf({
      machine: { processors: 2, ...ONE_THREAD },
      // One object: the routine for the arrival on processor 1 takes the item of processor 0.
      sources: [
        device('nic', [10_000, 11_000, 11_500], {
          processor: [0, 1, 1],
          dpc: dpc(),
          moderation: { time: 9000, count: 2 },
        }),
      ],
      until: 40_000,
    });
    expect(only('raise', 'dpc-start')).toEqual([
      '14500 p1 dpc-start nic items 3 wait 500',
      '19000 p0 raise nic',
      '22000 p0 dpc-start nic items 0 wait 500',
    ]);
  });

  it('takes the ISR time of the first arrival pending', () => {
    const lengths = (at: number[], moderation?: object): number[] => {
      const { only } = traceOf({
        machine: ONE_THREAD,
        sources: [
          device('nic', at, {
            isr: { uniform: [1000, 9000] },
            ...(moderation === undefined ? {} : { moderation }),
          }),
        ],
        until: 10_000_000,
      });
      const times = only('isr-start', 'isr-end').map((line) => Number(line.split(' ')[0]));
      return times.filter((_, i) => i % 2 === 1).map((end, i) => end - times[2 * i]);
    };
    const AT = [10_000, 110_000, 210_000, 310_000];
    const alone = lengths(AT);
    expect(new Set(alone).size).toBe(4);
    expect(lengths(AT, { count: 2 })).toEqual([alone[0], alone[2]]);
    expect(lengths(AT, { time: 150_000 })).toEqual([alone[0], alone[2]]);
  });

  it('keeps a run by interrupts open until what is pending is raised', () => {
    const { outcome } = traceOf({
      machine: ONE_THREAD,
      sources: [device('nic', [10_000], { moderation: { time: 30_000 } })],
      until: { interrupts: 1 },
    });
    expect(outcome.endNs).toBe(42_500);
    expect(outcome.machine.counters.isrs).toBe(1);
  });

  it('leaves unserved what is pending for a count that is never made up', () => {
    const { outcome } = traceOf({
      machine: { tick: 10_000, ...ONE_THREAD },
      sources: [device('nic', [10_000], { dpc: dpc(), moderation: { count: 2 } })],
      until: { interrupts: 1 },
    });
    expect(outcome.unserved).toBe(1);
    expect(outcome.machine.counters).toMatchObject({ held: 1, isrs: 0 });
  });
});
