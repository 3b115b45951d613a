import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

const NOTHING = device('far', [900_000_000]);

describe('R15: the clock', () => {
  it('ticks at k × tick + p × tickSkew, and runs for costs.clock', () => {
    const { only } = traceOf({
      machine: { processors: 3, tick: 10_000, tickSkew: 300, background: [THREAD] },
      sources: [NOTHING],
      until: 22_000,
    });
    expect(only('tick').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '11000 p0',
      '11300 p1',
      '11600 p2',
      '21000 p0',
      '21300 p1',
      '21600 p2',
    ]);
  });

  it("merges a tick with one that waits, whose T stays the first tick's", () => {
    const { only, outcome } = traceOf({
      machine: { tick: 1000, costs: { clock: 2500 }, background: [THREAD] },
      sources: [{ name: 't', timer: { due: 2500, period: 1_000_000 }, processor: 0, service: 1 }],
      until: 9000,
    });
    expect(only('tick', 'insert')).toEqual([
      '3500 p0 tick request 0 drain 0 maximum 4', // T = 1000; 2000 waits, 3000 merges
      '6000 p0 tick request 0 drain 0 maximum 4', // T = 2000: nothing is due; 4000 waits
      '8500 p0 tick request 0 drain 0 maximum 4', // T = 4000
      '8500 p0 insert KiTimerExpiration@0 -> 0 depth 1 local',
    ]);
    expect(outcome.machine.counters.ticks).toBe(3);
  });

  it('skips ticks of a processor that has halted, with dynamicTick', () => {
    const { only, outcome } = traceOf({
      machine: { tick: 10_000, dynamicTick: true },
      sources: [device('nic', [25_000], { isr: 10_000 })],
      until: 60_000,
    });
    expect(only('tick', 'isr-end', 'halt')).toEqual([
      '0 p0 halt',
      '31000 p0 tick request 0 drain 0 maximum 4', // an ISR is above the halted idle loop
      '38500 p0 isr-end nic', // 2000 + 500 + 10000, and 1000 of the clock
      '38500 p0 halt',
    ]);
    expect(outcome.machine.counters.ticks).toBe(1);
  });

  it('does not skip the tick at which a timer is due, also for a halted processor', () => {
    const { only, outcome } = traceOf({
      machine: { tick: 10_000, dynamicTick: true },
      sources: [
        // Due between ticks, then due at one: 30000 takes the first, 60000 the second.
        { name: 'a', timer: { due: 25_000, period: 35_000 }, processor: 0, service: 1000 },
      ],
      until: 90_000,
    });
    expect(only('tick', 'insert')).toEqual([
      '33000 p0 tick request 0 drain 0 maximum 4', // the exit 2000, the clock 1000
      '33000 p0 insert KiTimerExpiration@0 -> 0 depth 1 local',
      '63000 p0 tick request 0 drain 0 maximum 4',
      '63000 p0 insert KiTimerExpiration@0 -> 0 depth 1 local',
    ]);
    expect(outcome.machine.counters.ticks).toBe(2);
  });

  it('does not skip the tick of a polling processor', () => {
    const { only } = traceOf({
      machine: { tick: 10_000, dynamicTick: true, poll: 5000 },
      sources: [device('nic', [6000])],
      until: 40_000,
    });
    expect(only('tick', 'halt')).toEqual([
      '5000 p0 halt',
      // The ISR, 6000 to 10500, makes it wait; the exit is paid already. Polls until 15500.
      '11000 p0 tick request 0 drain 0 maximum 4',
      '16500 p0 halt',
    ]);
  });

  it('does not skip without dynamicTick', () => {
    const { outcome } = traceOf({ machine: { tick: 10_000 }, sources: [NOTHING], until: 60_000 });
    expect(outcome.machine.counters.ticks).toBe(5); // the sixth has begun, not ended
  });

  it('does first R16, then R8, when it ends', () => {
    const { only } = traceOf({
      machine: { processors: 2, tick: 100_000, background: [THREAD] },
      sources: [
        { name: 't', timer: { due: 50_000, period: 1_000_000 }, processor: 1, service: 3000 },
        device('nic', [10_000], { dpc: dpc({ target: 1 }) }),
      ],
      until: 103_000,
    });
    expect(only('tick', 'insert', 'drain-start', 'dpc-start').slice(1)).toEqual([
      '101000 p0 tick request 0 drain 0 maximum 4',
      '101000 p1 tick request 0 drain 0 maximum 3 rescue',
      '101000 p1 insert KiTimerExpiration@1 -> 1 depth 2 suppressed', // it is requested now
      '101000 p1 drain-start dispatch',
      '101500 p1 dpc-start nic items 1 wait 89000',
    ]);
  });
});
