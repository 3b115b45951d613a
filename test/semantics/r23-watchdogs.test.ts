import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

/** A DPC that runs for 350,000 ns, or as long as is said; ticks are 100,000 ns apart. */
const long = (rest: Record<string, unknown> = {}): Record<string, unknown> =>
  dpc({ service: 350_000, ...rest });
const machine = (watchdog: object, rest: object = {}): Record<string, unknown> => ({
  tick: 100_000,
  background: [THREAD],
  watchdog,
  ...rest,
});

describe('R23: watchdogs', () => {
  it('count a routine in which the clock has ticked often enough, once, before the tick', () => {
    const { only, outcome } = traceOf({
      machine: machine({ routine: 200_000 }),
      sources: [device('a', [50_000, 650_000], { dpc: long({ service: 450_000 }) })],
      until: 1_000_000,
    });
    expect(only('watchdog', 'tick').slice(0, 4)).toEqual([
      '101000 p0 tick request 0 drain 0 maximum 4',
      '201000 p0 watchdog routine dpc a', // the second tick over it; the third and fourth are none
      '201000 p0 tick request 0 drain 0 maximum 4',
      '301000 p0 tick request 0 drain 0 maximum 4',
    ]);
    expect(outcome.machine.counters).toMatchObject({ routineTimeouts: 2, dispatchTimeouts: 0 });
  });

  it('start the first count anew with each routine of a drain, the second goes on', () => {
    const { only, outcome } = traceOf({
      machine: machine({ routine: 300_000, dispatch: 400_000 }),
      sources: ['a', 'b', 'c'].map((name, i) =>
        device(name, [50_000 + i], { dpc: long({ service: 180_000 }) }),
      ),
      until: 800_000,
    });
    expect(only('watchdog')).toEqual(['401000 p0 watchdog dispatch']);
    expect(outcome.machine.counters).toMatchObject({ routineTimeouts: 0, dispatchTimeouts: 1 });
  });

  it('see an ISR, and name the lowest routine of the stack', () => {
    const { only } = traceOf({
      machine: machine({ routine: 200_000 }),
      sources: [
        device('slow', [50_000], { isr: 300_000 }),
        device('a', [450_000], { dpc: long() }),
        device('above', [520_000], { irql: 9, isr: 150_000 }),
      ],
      until: 900_000,
    });
    expect(only('watchdog')).toEqual([
      '201000 p0 watchdog routine isr slow',
      // Ticks at 500000 (in a) and 600000 (in above, with a beneath).
      '601000 p0 watchdog routine dpc a',
    ]);
  });

  it('start the first count anew with an ISR only where no routine lies beneath', () => {
    const { only } = traceOf({
      machine: machine({ routine: 200_000 }),
      sources: [
        // Two ISRs one after the other: a tick in each, but two over none of them.
        device('one', [50_000], { isr: 90_000 }),
        device('two', [60_000], { isr: 90_000 }),
      ],
      until: 400_000,
    });
    expect(only('watchdog')).toEqual([]);
  });

  it('know no routine in the DPC thread, whose switch counts for the second limit', () => {
    const { only } = traceOf({
      machine: machine({ routine: 100_000, dispatch: 100_000 }),
      // ISR 96900 to 99400, drain to 99900, switch to 101400 and 1000 of the clock.
      sources: [device('a', [96_900], { dpc: long({ threaded: true }) })],
      until: 900_000,
    });
    expect(only('watchdog')).toEqual(['101000 p0 watchdog dispatch']);
  });

  it('sample the second count at ticks: spin locks that always meet them time out', () => {
    const at = (passive: number): string[] =>
      traceOf({
        machine: machine(
          { dispatch: 300_000 },
          {
            background: [{ busy: '1000s', idle: 0, passive, dispatch: 100_000 - 1000 - passive }],
          },
        ),
        sources: [device('far', [900_000_000])],
        until: 500_000,
      }).only('watchdog');
    // With 1000 ns of the clock the cycle is as long as the tick, which finds 1000 ns of it run.
    expect(at(500)).toEqual(['301000 p0 watchdog dispatch']);
    expect(at(50_000)).toEqual([]);
  });

  it('set the second count to 0 when control reaches the idle loop, whatever is queued', () => {
    const timeouts = (policy: object): string[] =>
      traceOf({
        machine: machine({ dispatch: 200_000 }, { background: [] }),
        sources: [0, 1, 2, 3].map((i) =>
          device(`d${i}`, [50_000 + i], { irql: 3 + i, dpc: dpc({ service: 70_000 }) }),
        ),
        policy: { name: 'p', extends: 'vista', ...policy },
        until: 900_000,
      }).only('watchdog');
    expect(timeouts({ drainLimit: 1 })).toEqual([]);
    expect(timeouts({})).toEqual(['201000 p0 watchdog dispatch']);
  });

  it('round limits up to whole ticks', () => {
    const { only } = traceOf({
      machine: machine({ routine: 250_001, dispatch: 1 }),
      sources: [device('a', [50_000], { dpc: long() })],
      until: 900_000,
    });
    expect(only('watchdog')).toEqual([
      '101000 p0 watchdog dispatch', // one tick
      '301000 p0 watchdog routine dpc a', // three
    ]);
  });

  it('log routine before dispatch, and stop the machine by the first of them', () => {
    const { only, outcome } = traceOf({
      machine: machine({ routine: 200_000, dispatch: 200_000, action: 'stop' }),
      sources: [device('a', [50_000], { dpc: long() })],
      until: 900_000,
    });
    expect(only('watchdog', 'tick').slice(1)).toEqual([
      '201000 p0 watchdog routine dpc a',
      '201000 p0 watchdog dispatch',
      '201000 p0 tick request 0 drain 0 maximum 4',
    ]);
    expect(outcome.endNs).toBe(201_000);
    expect(outcome.stop).toEqual({
      kind: 'routine',
      processor: 0,
      atNs: 201_000,
      dpc: 'a',
      isr: null,
    });
  });

  it('let the clock end wholly: timers are queued, what waits is accepted, nothing more', () => {
    const { lines, outcome } = traceOf({
      machine: machine({ routine: 200_000, action: 'stop' }, { processors: 2 }),
      sources: [
        device('a', [50_000], { dpc: long() }),
        device('waits', [200_500]),
        device('late', [201_000], { processor: 1 }),
        { name: 't', timer: { due: 150_000, period: 400_000 }, processor: 0, service: 3000 },
      ],
      until: 900_000,
    });
    expect(lines.slice(-5)).toEqual([
      '200500 p0 arrival waits',
      '201000 p0 watchdog routine dpc a',
      '201000 p0 tick request 0 drain 0 maximum 4',
      '201000 p0 insert KiTimerExpiration@0 -> 0 depth 1 suppressed',
      '201000 p0 isr-start waits',
      // Neither p1's tick, which ends at this instant too, nor the arrival of late.
    ]);
    expect(outcome.machine.counters).toMatchObject({ ticks: 3, stillQueued: 1, arrivals: 2 });
  });

  it('are no end for a run by interrupts that still waits: nothing is unserved', () => {
    const { outcome } = traceOf({
      machine: machine({ routine: 200_000, action: 'stop' }),
      sources: [device('a', [50_000, 60_000], { dpc: long({ budget: 1 }) })],
      until: { interrupts: 2 },
    });
    expect(outcome.endNs).toBe(201_000);
    expect(outcome.unserved).toBe(0);
    expect(outcome.machine.counters.arrivals).toBe(2);
  });

  it('name the processor whose stack it was, and an ISR by its source', () => {
    const { outcome } = traceOf({
      machine: machine({ dispatch: 200_000, action: 'stop' }, { processors: 3 }),
      sources: [device('slow', [50_000], { processor: 2, isr: 300_000 })],
      until: 900_000,
    });
    expect(outcome.stop).toEqual({
      kind: 'dispatch',
      processor: 2,
      atNs: 201_000,
      dpc: null,
      isr: 'slow',
    });
  });
});
