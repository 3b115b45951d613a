import { describe, expect, it } from 'vitest';
import { device, dpc, NO_THREAD, THREAD, traceOf } from './trace-of.js';

const FREE = {
  interrupt: 0,
  clock: 0,
  dispatch: 0,
  dequeue: 0,
  ipiSend: 0,
  ipiFlight: 0,
  ipiHandler: 0,
  haltExit: 0,
};

describe('R4: what happens first at one instant', () => {
  it('carries out ends, IPIs, arrivals, ticks, ready threads and halts in this order', () => {
    const { lines } = traceOf({
      machine: {
        processors: 6,
        tick: 100_000,
        tickSkew: 50_000,
        poll: 100_000,
        costs: { clock: 0, ipiSend: 800 },
        background: [
          NO_THREAD,
          THREAD,
          NO_THREAD,
          { busy: 50_000, idle: 100_000 },
          NO_THREAD,
          NO_THREAD,
        ],
      },
      sources: [
        device('disk', [100_000], { processor: 2 }),
        device('nic', [96_700], { processor: 5, dpc: dpc({ importance: 'high', target: 1 }) }),
      ],
      until: 100_000,
    });
    expect(lines).toEqual([
      '0 p1 thread',
      '96700 p5 arrival nic',
      '96700 p5 isr-start nic',
      '99200 p5 insert nic -> 1 depth 1 ipi',
      '100000 p5 isr-end nic', // (a) after 800 of sending
      '100000 p1 ipi', // (b) after 800 of flight
      '100000 p1 drain-start dispatch',
      '100000 p2 arrival disk', // (c)
      '100000 p2 isr-start disk',
      '100000 p0 tick request 0 drain 0 maximum 4', // (d), and at once (a) as the clock costs 0
      '100000 p3 thread', // (e)
      '100000 p4 halt', // (f); p0 and p5 poll anew
    ]);
  });

  it('ends activities of the lowest processor first, whatever order they began in', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('b', [10_000], { processor: 1, dpc: dpc() }),
        device('a', [10_000], { processor: 0, dpc: dpc() }),
      ],
      until: 13_000,
    });
    expect(only('isr-start', 'isr-end', 'drain-start', 'dpc-start')).toEqual([
      '10000 p1 isr-start b', // arrivals in the order of the sources
      '10000 p0 isr-start a',
      '12500 p0 isr-end a',
      '12500 p0 drain-start dispatch', // carried through before the next
      '12500 p1 isr-end b',
      '12500 p1 drain-start dispatch',
      '13000 p0 dpc-start a items 1 wait 500',
      '13000 p1 dpc-start b items 1 wait 500',
    ]);
  });

  it('lets IPIs arrive in the order in which they were sent', () => {
    const { only } = traceOf({
      machine: { processors: 4, background: [THREAD] },
      sources: [
        device('first', [10_000], { processor: 0, dpc: dpc({ importance: 'high', target: 3 }) }),
        device('second', [10_000], { processor: 1, dpc: dpc({ importance: 'high', target: 2 }) }),
      ],
      until: 14_000,
    });
    expect(only('ipi')).toEqual(['13300 p3 ipi', '13300 p2 ipi']);
  });

  it('takes an end before an arrival at the same instant', () => {
    const { lines } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('nic', [10_000, 12_500], { dpc: dpc() })],
      until: 12_500,
    });
    expect(lines.slice(3)).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '12500 p0 isr-end nic',
      '12500 p0 drain-start dispatch',
      '12500 p0 arrival nic', // not merged: the ISR of the first has ended
      '12500 p0 isr-start nic',
    ]);
  });

  it('ends an activity without length before the next arrival of the same instant', () => {
    const { lines } = traceOf({
      machine: { costs: FREE, background: [THREAD] },
      sources: [
        device('a', [1000, 1000], { isr: 0, dpc: dpc({ service: 0 }) }),
        device('b', [1000], { isr: 0 }),
      ],
      until: 2000,
    });
    const whole = [
      '1000 p0 arrival a',
      '1000 p0 isr-start a',
      '1000 p0 insert a -> 0 depth 1 local',
      '1000 p0 isr-end a',
      '1000 p0 drain-start dispatch',
      '1000 p0 dpc-start a items 1 wait 0',
      '1000 p0 dpc-end a',
      '1000 p0 drain-end 1',
    ];
    const other = ['1000 p0 arrival b', '1000 p0 isr-start b', '1000 p0 isr-end b'];
    expect(lines).toEqual(['0 p0 thread', ...whole, ...whole, ...other]);
  });

  it('takes the lowest processor first among ticks, ready threads and halts', () => {
    const { lines } = traceOf({
      machine: {
        processors: 4,
        tick: 10_000,
        costs: { clock: 0, haltExit: 0 },
        background: [NO_THREAD, NO_THREAD, THREAD, THREAD],
      },
      sources: [device('far', [20_000])],
      until: 10_000,
    });
    expect(lines).toEqual([
      '0 p2 thread',
      '0 p3 thread',
      '0 p0 halt',
      '0 p1 halt',
      // Each tick is carried through to its end, class (a), before the next tick.
      '10000 p0 tick request 0 drain 0 maximum 4',
      '10000 p1 tick request 0 drain 0 maximum 4',
      '10000 p2 tick request 0 drain 0 maximum 4',
      '10000 p3 tick request 0 drain 0 maximum 4',
      '10000 p0 halt',
      '10000 p1 halt',
    ]);
  });
});
