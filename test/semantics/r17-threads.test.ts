import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

const NOTHING = device('far', [900_000_000]);
const LOUD = { name: 'loud', extends: 'pre-vista', suppress: false };

function sender(name: string, at: number): Record<string, unknown> {
  return device(name, [at], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) });
}

describe('R17: threads', () => {
  it('are ready idle ns after the last, and idle: 0 goes from thread to thread', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [{ busy: 10_000, idle: 0 }] },
      sources: [NOTHING],
      until: 25_000,
    });
    expect(lines).toEqual([
      '0 p0 thread', // through the idle loop of time 0, which logs nothing
      '10000 p0 idle',
      '10000 p0 thread',
      '20000 p0 idle',
      '20000 p0 thread',
    ]);
    expect(outcome.machine.counters.threadNs).toBe(25_000);
  });

  it('wake a halted processor, and are taken up at once by a polling one', () => {
    const run = (poll: number): string[] =>
      traceOf({
        machine: { poll, background: [{ busy: 10_000, idle: 5000 }] },
        sources: [NOTHING],
        until: 24_000,
      }).lines;
    expect(run(0)).toEqual([
      '0 p0 halt',
      '7000 p0 thread',
      '17000 p0 idle',
      '17000 p0 halt',
      '24000 p0 thread',
    ]);
    expect(run(5001)).toEqual(['5000 p0 thread', '15000 p0 idle', '20000 p0 thread']);
    // The loop would halt at the instant at which the thread is ready; halts come last.
    expect(run(5000)).toEqual(run(5001));
  });

  it('spend their time only while they run', () => {
    const { only, outcome } = traceOf({
      machine: { background: [{ busy: 10_000, idle: '500ms' }], poll: 1 },
      sources: [device('nic', [500_004_000], { dpc: dpc() })],
      until: 500_050_000,
      // The idle loop halts at 1; the thread is at 500 ms + 2000.
    });
    expect(only('thread', 'idle', 'drain-end')).toEqual([
      '500002000 p0 thread',
      '500011100 p0 drain-end 1', // ISR 2500, entry 500, routine 4100
      '500019100 p0 idle', // 10000 of its own and 7100 of others
    ]);
    expect(outcome.machine.counters.threadNs).toBe(10_000);
  });

  it('hold a spin lock in turn: DISPATCH waits in the section and not at its end', () => {
    const drainOf = (at: number): string =>
      traceOf({
        machine: {
          processors: 2,
          background: [THREAD, { busy: '1s', idle: 0, passive: 10_000, dispatch: 10_000 }],
        },
        sources: [sender('a', at)], // its IPI arrives 1300 later
        until: 50_000,
      }).only('drain-start')[0];
    expect(drainOf(8699)).toBe('9999 p1 drain-start dispatch');
    expect(drainOf(8700)).toBe('20000 p1 drain-start dispatch'); // the section begins at 10000
    expect(drainOf(18_699)).toBe('20000 p1 drain-start dispatch');
    expect(drainOf(18_700)).toBe('20000 p1 drain-start dispatch'); // it ends before the IPI
    expect(drainOf(28_699)).toBe('29999 p1 drain-start dispatch');
  });

  it('keep the place in their sections while others run', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: '1s', idle: 0, passive: 10_000, dispatch: 10_000 }] },
      sources: [
        device('x', [2000], { isr: 7500 }), // 8000: the section now begins at 18000
        device('nic', [19_000], { dpc: dpc() }), // 2500: it ends at 28000 + 2500
      ],
      until: 50_000,
    });
    expect(only('drain-start')).toEqual(['30500 p0 drain-start dispatch']);
  });

  it('with dispatch: 0 are all PASSIVE, whatever passive says', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: '1s', idle: 0, passive: 5000, dispatch: 0 }] },
      sources: [device('nic', [12_000], { dpc: dpc() })],
      until: 50_000,
    });
    expect(only('drain-start')).toEqual(['14500 p0 drain-start dispatch']);
  });

  it('with passive: 0 touch PASSIVE for an instant between sections', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: '1s', idle: 0, passive: 0, dispatch: 10_000 }] },
      sources: [device('nic', [12_000], { dpc: dpc() })],
      until: 50_000,
    });
    expect(only('drain-start')).toEqual(['22500 p0 drain-start dispatch']); // 20000 + 2500
  });

  it('with passive: 0 still stand there after the drain: what waits then comes at once', () => {
    const { only } = traceOf({
      machine: {
        processors: 2,
        background: [THREAD, { busy: '1s', idle: 0, passive: 0, dispatch: 10_000 }],
      },
      policy: LOUD,
      sources: [sender('a', 10_000), sender('b', 21_000)],
      until: 50_000,
    });
    expect(only('ipi', 'drain-start', 'drain-end')).toEqual([
      '11300 p1 ipi',
      '20000 p1 drain-start dispatch',
      '22300 p1 ipi',
      '28700 p1 drain-end 2', // both, in 500 + 2 × 4100
      '28700 p1 drain-start dispatch', // no time of the thread has passed
      '29200 p1 drain-end 0',
    ]);
  });

  it('that end under a spin lock leave what waits to the idle loop', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: 15_000, idle: '500ms', passive: 10_000, dispatch: 10_000 }] },
      sources: [device('nic', [500_013_000], { dpc: dpc() })],
      until: 500_040_000,
    });
    // Thread from 500 ms + 2000; under the lock from + 12000; ISR + 13000 to + 15500.
    expect(only('insert', 'idle', 'drain-start', 'drain-end')).toEqual([
      '500015500 p0 insert nic -> 0 depth 1 local',
      '500019500 p0 idle',
      '500019500 p0 drain-start idle', // without the cost of an entry
      '500023600 p0 drain-end 1',
    ]);
  });

  it('do not exist with busy: 0, nor without a background', () => {
    for (const background of [[{ busy: 0, idle: 0 }], undefined]) {
      const { lines } = traceOf({
        machine: { processors: 2, ...(background && { background }) },
        sources: [NOTHING],
        until: 50_000,
      });
      expect(lines).toEqual(['0 p0 halt', '0 p1 halt']);
    }
  });

  it('draw busy, idle and sections once for each thread, for each processor on its own', () => {
    const { only, outcome } = traceOf({
      machine: {
        processors: 2,
        background: [{ busy: { uniform: [1000, 9000] }, idle: { uniform: [1000, 9000] } }],
      },
      sources: [NOTHING],
      until: 1_000_000,
    });
    const times = (p: string): number[] =>
      only('thread', 'idle')
        .filter((line) => line.includes(p))
        .map((line) => Number(line.split(' ')[0]));
    const busy = times('p0').flatMap((t, i, all) => (i % 2 === 1 ? [t - all[i - 1]] : []));
    expect(busy.length).toBeGreaterThan(50);
    expect(new Set(busy).size).toBeGreaterThan(45);
    expect(times('p1')).not.toEqual(times('p0'));
    const ran = busy.reduce((sum, ns) => sum + ns, 0);
    const { threadNs } = outcome.processors[0].counters;
    expect(threadNs - ran).toBeGreaterThanOrEqual(0); // and what the last thread has run
    expect(threadNs - ran).toBeLessThanOrEqual(9000);
  });
});
