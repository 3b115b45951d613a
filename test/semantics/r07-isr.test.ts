import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R7: the ISR runs, queues its DPC, sends, and ends', () => {
  it('runs for costs.interrupt + isr, and for costs.ipiSend more if it sent an IPI', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD], costs: { interrupt: 700, ipiSend: 1300 } },
      sources: [
        device('remote', [10_000], { dpc: dpc({ importance: 'high', target: 1 }) }),
        device('local', [20_000], { dpc: dpc() }),
        device('declined', [40_000], { dpc: dpc({ target: 1 }) }),
      ],
      until: 50_000,
    });
    expect(only('isr-start', 'insert', 'isr-end')).toEqual([
      '10000 p0 isr-start remote',
      '12700 p0 insert remote -> 1 depth 1 ipi',
      '14000 p0 isr-end remote',
      '20000 p0 isr-start local',
      '22700 p0 insert local -> 0 depth 1 local',
      '22700 p0 isr-end local',
      '40000 p0 isr-start declined',
      '42700 p0 insert declined -> 1 depth 1 none',
      '42700 p0 isr-end declined',
    ]);
  });

  it('stays at its IRQL while it sends', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD], costs: { ipiSend: 1000 } },
      sources: [
        device('remote', [10_000], { dpc: dpc({ importance: 'high', target: 1 }) }),
        device('equal', [12_600], { isr: 500 }),
        device('above', [12_700], { irql: 6, isr: 500 }),
      ],
      until: 50_000,
    });
    expect(only('isr-start', 'isr-end')).toEqual([
      '10000 p0 isr-start remote',
      '12700 p0 isr-start above', // of the 1000 for sending 800 remain
      '13700 p0 isr-end above',
      '14500 p0 isr-end remote',
      '14500 p0 isr-start equal',
      '15500 p0 isr-end equal',
    ]);
  });

  it('serves the items of a source without a DPC when its ISR ends', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('blocker', [1000], { irql: 9, isr: 10_000 }), device('work', [2000, 3000])],
      until: 20_000,
    });
    expect(lines.slice(3)).toEqual([
      '2000 p0 arrival work',
      '3000 p0 arrival work merged',
      '11500 p0 isr-end blocker',
      '11500 p0 isr-start work',
      '14000 p0 isr-end work',
    ]);
    const { counters, interruptToDpc, dpcWait } = outcome.sources[1];
    expect([interruptToDpc.count, interruptToDpc.minNs, interruptToDpc.maxNs]).toEqual([
      2, 11_000, 12_000,
    ]);
    expect([counters.inserts, dpcWait.count]).toEqual([0, 0]);
  });

  it('shares one FIFO over the processors of a source without a DPC', () => {
    const { outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [device('work', [1000, 2000], { processor: [0, 1] })],
      until: 20_000,
    });
    // The ISR that ends first, at 3500 on processor 0, serves both items; the other finds none.
    const { interruptToDpc } = outcome.processors[0];
    expect([interruptToDpc.count, interruptToDpc.minNs, interruptToDpc.maxNs]).toEqual([
      2, 1500, 2500,
    ]);
    expect(outcome.processors[1].counters.isrs).toBe(1);
    expect(outcome.processors[1].interruptToDpc.count).toBe(0);
  });
});
