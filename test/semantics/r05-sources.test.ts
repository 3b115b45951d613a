import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R5: each arrival leaves an item', () => {
  it('drops the item on a full FIFO, and raises the interrupt all the same', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('nic', [10_000, 12_700], { fifo: 1, dpc: dpc() })],
      until: 25_000,
    });
    expect(lines).toEqual([
      '0 p0 thread',
      '10000 p0 arrival nic',
      '10000 p0 isr-start nic',
      '12500 p0 insert nic -> 0 depth 1 local',
      '12500 p0 isr-end nic',
      '12500 p0 drain-start dispatch', // 300 of its entry remain when it is interrupted
      '12700 p0 arrival nic dropped',
      '12700 p0 isr-start nic',
      '15200 p0 insert nic -> 0 coalesced',
      '15200 p0 isr-end nic',
      '15500 p0 dpc-start nic items 1 wait 3000',
      '19600 p0 dpc-end nic',
      '19600 p0 drain-end 1',
    ]);
    const { counters, interruptToDpc } = outcome.machine;
    expect(counters).toMatchObject({ arrivals: 2, dropped: 1, isrs: 2, merged: 0 });
    expect([interruptToDpc.count, interruptToDpc.sumNs]).toEqual([1, 5500n]);
  });

  it('drops the item of a merged arrival too', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('blocker', [1000], { irql: 9, isr: 10_000 }),
        device('nic', [2000, 3000, 4000], { fifo: 2, dpc: dpc() }),
      ],
      until: 25_000,
    });
    expect(only('arrival', 'dpc-start')).toEqual([
      '1000 p0 arrival blocker',
      '2000 p0 arrival nic',
      '3000 p0 arrival nic merged',
      '4000 p0 arrival nic merged dropped',
      '14500 p0 dpc-start nic items 2 wait 500',
    ]);
  });

  it('makes room again when the routine starts, not when it ends', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      // The routine of the first starts at 13000 and takes its item with it.
      sources: [device('nic', [10_000, 13_000], { fifo: 1, dpc: dpc() })],
      until: 25_000,
    });
    expect(only('arrival', 'dpc-start')).toEqual([
      '10000 p0 arrival nic',
      '13000 p0 dpc-start nic items 1 wait 500',
      '13000 p0 arrival nic',
      '19600 p0 dpc-start nic items 1 wait 4100',
    ]);
  });

  it('gives each source 1,024 items unless the source says otherwise', () => {
    const at = Array.from({ length: 1030 }, (_, i) => 2000 + i);
    const { outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('blocker', [1000], { irql: 9, isr: 10_000 }),
        device('nic', at, { dpc: dpc() }),
      ],
      until: 25_000,
    });
    expect(outcome.sources[1].counters.dropped).toBe(6);
    expect(outcome.sources[1].interruptToDpc.count).toBe(1024);
  });
});
