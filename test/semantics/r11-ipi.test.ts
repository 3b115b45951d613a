import { describe, expect, it } from 'vitest';
import { device, dpc, NO_THREAD, THREAD, traceOf } from './trace-of.js';

const LOUD = { name: 'loud', extends: 'pre-vista', suppress: false };

function sender(name: string, at: number): Record<string, unknown> {
  return device(name, [at], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) });
}

describe('R11: an IPI arrives', () => {
  it('dispatch: DISPATCH waits below an ISR, and several merge into one', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      policy: LOUD,
      sources: [
        device('hog', [9000], { irql: 3, isr: 9500, processor: 1 }), // to 19000
        sender('a', 10_000),
        sender('b', 12_000),
      ],
      until: 40_000,
    });
    expect(only('ipi', 'isr-end', 'drain-start', 'drain-end')).toEqual([
      '10700 p0 isr-end a',
      '11300 p1 ipi',
      '12700 p0 isr-end b',
      '13300 p1 ipi',
      '19000 p1 isr-end hog',
      '19000 p1 drain-start dispatch',
      '27700 p1 drain-end 2', // 500 and twice 4100; no second drain follows
    ]);
  });

  it('ipi-level: a handler runs inside the ISR, and DISPATCH waits when it ends', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], ipi: 'ipi-level' },
      sources: [device('hog', [9000], { irql: 12, isr: 9500, processor: 1 }), sender('a', 10_000)],
      until: 40_000,
    });
    expect(only('ipi', 'isr-end', 'drain-start')).toEqual([
      '10700 p0 isr-end a',
      '11300 p1 ipi',
      '19500 p1 isr-end hog', // 500 later, for the handler
      '19500 p1 drain-start dispatch',
    ]);
    expect(outcome.processors[1].timeSplit.ipiNs).toBe(500);
  });

  it('ipi-level: those that find one waiting merge with it', () => {
    const { only, outcome } = traceOf({
      machine: {
        processors: 2,
        background: [THREAD],
        ipi: 'ipi-level',
        costs: { ipiHandler: 5000 },
      },
      policy: LOUD,
      sources: [sender('a', 10_000), sender('b', 11_000), sender('c', 12_000)],
      until: 50_000,
    });
    expect(only('ipi', 'drain-start')).toEqual([
      '11300 p1 ipi', // handled until 16300
      '12300 p1 ipi', // waits
      '13300 p1 ipi', // merges with the one that waits
      '21300 p1 drain-start dispatch',
    ]);
    expect(outcome.processors[1].timeSplit.ipiNs).toBe(10_000);
  });

  it('dispatch: starts a drain at once where a thread runs at PASSIVE', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [sender('a', 10_000)],
      until: 16_000,
    });
    expect(only('ipi', 'drain-start', 'dpc-start')).toEqual([
      '11300 p1 ipi',
      '11300 p1 drain-start dispatch',
      '11800 p1 dpc-start a items 1 wait 1300',
    ]);
  });

  it('ipi-level: the handler pays for the exit of a halted processor', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD, NO_THREAD], ipi: 'ipi-level' },
      sources: [sender('a', 10_000)],
      until: 20_000,
    });
    expect(only('ipi', 'drain-start')).toEqual([
      '11300 p1 ipi',
      '13800 p1 drain-start idle', // haltExit 2000 + ipiHandler 500, then the idle loop
    ]);
  });

  it('dispatch: leaves nothing waiting on a polling idle loop, which looks and goes on', () => {
    const { only, outcome } = traceOf({
      machine: {
        processors: 2,
        poll: 20_000,
        costs: { ipiFlight: 8000 },
        background: [THREAD, { busy: 20_000, idle: 25_000 }],
      },
      sources: [sender('a', 10_000), device('x', [30_000], { processor: 1 })],
      until: 50_000,
    });
    expect(only('ipi', 'drain-start', 'drain-end', 'isr-end')).toEqual([
      '10500 p1 drain-start idle', // the polling loop takes a up before the IPI arrives
      '10700 p0 isr-end a',
      '14600 p1 drain-end 1',
      '18500 p1 ipi',
      // From 25000 a thread runs: no DISPATCH interrupt is left over to disturb it.
      '32500 p1 isr-end x',
    ]);
    expect(outcome.machine.counters.spurious).toBe(0);
  });
});
