import { describe, expect, it } from 'vitest';
import { device, dpc, NO_THREAD, THREAD, traceOf } from './trace-of.js';

describe('R12: a drain', () => {
  it('of origin dispatch pays its entry at DISPATCH before the first routine', () => {
    const { only, outcome } = traceOf({
      machine: { background: [THREAD], costs: { dispatch: 1700 } },
      sources: [device('nic', [10_000], { dpc: dpc() })],
      until: 30_000,
    });
    expect(only('drain-start', 'dpc-start', 'drain-end')).toEqual([
      '12500 p0 drain-start dispatch',
      '14200 p0 dpc-start nic items 1 wait 1700',
      '18300 p0 drain-end 1',
    ]);
    expect(outcome.processors[0].timeSplit.dispatchDrainNs).toBe(1700 + 4100);
  });

  it('of origin idle costs no entry', () => {
    const { only, outcome } = traceOf({
      sources: [device('nic', [10_000], { dpc: dpc() })],
      until: 30_000,
    });
    expect(only('drain-start', 'dpc-start', 'drain-end')).toEqual([
      '14500 p0 drain-start idle', // 2000 to leave the halt
      '14500 p0 dpc-start nic items 1 wait 0',
      '18600 p0 drain-end 1',
    ]);
    expect(outcome.machine.counters).toMatchObject({ idleDrains: 1, dispatchDrains: 0 });
    expect(outcome.processors[0].timeSplit.idleDrainNs).toBe(4100);
  });

  it('is on from its first instant: who queues during the entry is suppressed', () => {
    const { only } = traceOf({
      machine: { background: [THREAD], costs: { dispatch: 5000 } },
      sources: [
        device('a', [10_000], { dpc: dpc() }),
        device('b', [13_000], { isr: 0, dpc: dpc() }),
      ],
      until: 40_000,
    });
    expect(only('insert', 'drain-start', 'dpc-start')).toEqual([
      '12500 p0 insert a -> 0 depth 1 local',
      '12500 p0 drain-start dispatch',
      '13500 p0 insert b -> 0 depth 2 suppressed',
      '18000 p0 dpc-start a items 1 wait 5500', // 5000 and the ISR of b
      '22100 p0 dpc-start b items 1 wait 8600',
    ]);
  });

  it('waits while the thread holds a spin lock', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: '1s', idle: 0, passive: 10_000, dispatch: 30_000 }] },
      sources: [device('nic', [12_000], { dpc: dpc() })],
      until: 50_000,
    });
    expect(only('insert', 'drain-start')).toEqual([
      '14500 p0 insert nic -> 0 depth 1 local',
      '42500 p0 drain-start dispatch', // 40000 of thread, 2500 of ISR
    ]);
  });

  it('that finds nothing after its entry is spurious', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      policy: { name: 'loud', extends: 'pre-vista', suppress: false },
      sources: [
        device('far', [10_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
        device('near', [9000], { processor: 1, isr: 1100, dpc: dpc() }),
      ],
      until: 30_000,
    });
    expect(only('insert', 'ipi', 'drain-start', 'drain-end')).toEqual([
      '10500 p0 insert far -> 1 depth 1 ipi',
      '10600 p1 insert near -> 1 depth 2 local',
      '10600 p1 drain-start dispatch',
      '11300 p1 ipi', // during the drain, which takes both; the interrupt stays waiting
      '19300 p1 drain-end 2',
      '19300 p1 drain-start dispatch',
      '19800 p1 drain-end 0',
    ]);
    expect(outcome.processors[1].counters).toMatchObject({ dispatchDrains: 2, spurious: 1 });
  });

  it('is not spurious when the queue fills during its entry', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], costs: { dispatch: 5000 } },
      policy: { name: 'loud', extends: 'pre-vista', suppress: false },
      sources: [
        device('far', [10_000], {
          isr: 0,
          dpc: dpc({ importance: 'high', target: 1, service: 0 }),
        }),
        device('near', [9000], { processor: 1, isr: 1100, dpc: dpc({ service: 0 }) }),
        device('late', [16_500], { isr: 0, dpc: dpc({ target: 1 }) }),
      ],
      until: 40_000,
    });
    // The first drain, 10600 to 15800, takes both; the second, from 15800, has late queued to it at
    // 17000.
    expect(outcome.processors[1].counters).toMatchObject({
      dispatchDrains: 2,
      spurious: 0,
      dpcs: 3,
    });
  });

  it('does not count an idle drain as spurious, nor start one for an empty queue', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [NO_THREAD], poll: 20_000, costs: { ipiFlight: 8000 } },
      sources: [device('nic', [10_000], { dpc: dpc({ importance: 'high', target: 1 }) })],
      until: 60_000,
    });
    // The IPI finds a queue that the polling loop has drained already.
    expect(outcome.processors[1].counters).toMatchObject({
      ipis: 1,
      idleDrains: 1,
      dispatchDrains: 0,
      spurious: 0,
    });
  });
});
