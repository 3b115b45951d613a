import { describe, expect, it } from 'vitest';
import { device, THREAD, traceOf } from './trace-of.js';

function timer(name: string, due: number, period: number, rest = {}): Record<string, unknown> {
  return { name, timer: { due, period }, processor: 0, service: 3000, ...rest };
}

const MACHINE = { background: [THREAD], tick: 100_000 };

describe('R8: timers expire when the clock activity ends', () => {
  it('queues KiTimerExpiration, Medium on the current processor, after the tick', () => {
    const { lines, outcome } = traceOf({
      machine: MACHINE,
      sources: [timer('t', 150_000, 1_000_000)],
      until: 210_000,
    });
    expect(lines).toEqual([
      '0 p0 thread',
      '101000 p0 tick request 0 drain 0 maximum 4',
      '201000 p0 tick request 0 drain 0 maximum 4',
      '201000 p0 insert KiTimerExpiration@0 -> 0 depth 1 local',
      '201000 p0 drain-start dispatch',
      '201500 p0 dpc-start KiTimerExpiration@0 items 1 wait 500',
      '204600 p0 dpc-end KiTimerExpiration@0',
      '204600 p0 drain-end 1',
    ]);
    // The item arrived when the timer was due, not when the tick noticed.
    expect(outcome.sources[0].interruptToDpc.sumNs).toBe(51_500n);
    // The DPC belongs to no source.
    expect(outcome.sources[0].counters.inserts).toBe(0);
    expect(outcome.processors[0].counters).toMatchObject({ inserts: 1, dpcs: 1, localRequests: 1 });
    expect(outcome.processors[0].dpcWait.sumNs).toBe(500n);
  });

  it('expires what was due at the tick, not what has become due while it runs', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [timer('on', 100_000, 10_000_000), timer('after', 100_500, 10_000_000)],
      until: 210_000,
    });
    expect(only('dpc-start')).toEqual([
      '101500 p0 dpc-start KiTimerExpiration@0 items 1 wait 500',
      '201500 p0 dpc-start KiTimerExpiration@0 items 1 wait 500',
    ]);
  });

  it('counts periods that it stepped over as missed', () => {
    const { outcome, only } = traceOf({
      machine: MACHINE,
      // Due 10000; at 100000 also 40000, 70000, 100000 are over, then 130000.. 190000 for 200000.
      sources: [timer('fast', 10_000, 30_000)],
      until: 250_000,
    });
    expect(only('dpc-start').map((line) => line.split(' items ')[1])).toEqual([
      '1 wait 500',
      '1 wait 500',
    ]);
    const { counters, interruptToDpc } = outcome.sources[0];
    expect(counters.missed).toBe(3 + 2);
    // 101500 - 10000 and 201500 - 130000
    expect([interruptToDpc.maxNs, interruptToDpc.minNs]).toEqual([91_500, 71_500]);
  });

  it('runs the service times of all expired timers in turn', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [timer('a', 20_000, 1_000_000), timer('b', 10_000, 1_000_000, { service: 7000 })],
      until: 150_000,
    });
    expect(only('dpc-start', 'dpc-end')).toEqual([
      '101500 p0 dpc-start KiTimerExpiration@0 items 2 wait 500',
      '111600 p0 dpc-end KiTimerExpiration@0', // 100 + 3000 + 7000
    ]);
  });

  it('serves each timer on its own processor', () => {
    const { only } = traceOf({
      machine: { ...MACHINE, processors: 2 },
      sources: [timer('t', 50_000, 1_000_000, { processor: 1 })],
      until: 150_000,
    });
    expect(only('insert')).toEqual(['101000 p1 insert KiTimerExpiration@1 -> 1 depth 1 local']);
  });

  it('drops the item that finds the FIFO of 1,024 full', () => {
    const { outcome, only } = traceOf({
      machine: { background: [THREAD], tick: 1000, costs: { clock: 10 } },
      sources: [
        timer('t', 1000, 1000, { service: 1 }),
        // Starts at 500; with 1,041 clocks of 10 above it, it ends at 1041410.
        device('hog', [500], { irql: 12, isr: 1_030_000 }),
      ],
      until: 1_041_950,
    });
    expect(only('dpc-start')).toEqual([
      '1041910 p0 dpc-start KiTimerExpiration@0 items 1024 wait 1040900',
    ]);
    expect(outcome.machine.counters.ticks).toBe(1041);
    expect(outcome.sources[0].counters.dropped).toBe(17);
    expect(outcome.machine.counters.dropped).toBe(17);
  });

  it('does not queue the DPC again while it is queued: the items wait for the one routine', () => {
    const { only } = traceOf({
      machine: { background: [THREAD], tick: 10_000 },
      sources: [
        timer('t', 10_000, 10_000),
        // Keeps the processor above DISPATCH from 9000 to 29500 and longer for the clocks.
        device('hog', [9000], { irql: 12, isr: 20_000 }),
      ],
      until: 34_000,
    });
    expect(only('insert', 'dpc-start')).toEqual([
      '11000 p0 insert KiTimerExpiration@0 -> 0 depth 1 local',
      '21000 p0 insert KiTimerExpiration@0 -> 0 coalesced',
      '31000 p0 insert KiTimerExpiration@0 -> 0 coalesced',
      '33000 p0 dpc-start KiTimerExpiration@0 items 3 wait 22000',
    ]);
  });
});
