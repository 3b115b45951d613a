import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R6: one interrupt can wait for each source and processor', () => {
  it('merges what finds one waiting, and waits on its own once that is accepted', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('blocker', [1000], { irql: 9, isr: 10_000 }),
        device('nic', [2000, 3000, 4000, 12_000], { dpc: dpc() }),
      ],
      until: 25_000,
    });
    expect(lines.slice(3)).toEqual([
      '2000 p0 arrival nic',
      '3000 p0 arrival nic merged',
      '4000 p0 arrival nic merged',
      '11500 p0 isr-end blocker',
      '11500 p0 isr-start nic',
      '12000 p0 arrival nic', // the ISR runs, so it waits on its own
      '14000 p0 insert nic -> 0 depth 1 local',
      '14000 p0 isr-end nic',
      '14000 p0 isr-start nic',
      '16500 p0 insert nic -> 0 coalesced',
      '16500 p0 isr-end nic',
      '16500 p0 drain-start dispatch',
      '17000 p0 dpc-start nic items 4 wait 3000', // every item counts
      '21100 p0 dpc-end nic',
      '21100 p0 drain-end 1',
    ]);
    const { counters, isrWait, interruptToDpc } = outcome.sources[1];
    expect(counters).toMatchObject({ arrivals: 4, merged: 2, isrs: 2 });
    // Merged arrivals have no wait of their own: 9500 and 2000.
    expect([isrWait.count, isrWait.sumNs]).toEqual([2, 11_500n]);
    // 15000 + 14000 + 13000 + 5000: all four from their own arrival on.
    expect([interruptToDpc.count, interruptToDpc.sumNs]).toEqual([4, 47_000n]);
  });

  it('does not merge across processors', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('blockA', [1000], { irql: 9, isr: 10_000 }),
        device('blockB', [1000], { irql: 9, isr: 10_000, processor: 1 }),
        device('nic', [2000, 3000, 4000], { processor: [0, 1] }),
      ],
      until: 25_000,
    });
    expect(only('arrival').slice(2)).toEqual([
      '2000 p0 arrival nic',
      '3000 p1 arrival nic',
      '4000 p0 arrival nic merged',
    ]);
  });

  it('does not merge across sources of one IRQL', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('blocker', [1000], { irql: 9, isr: 10_000 }),
        device('a', [2000]),
        device('b', [3000]),
      ],
      until: 25_000,
    });
    expect(only('arrival', 'isr-start').slice(2)).toEqual([
      '2000 p0 arrival a',
      '3000 p0 arrival b',
      '11500 p0 isr-start a',
      '14000 p0 isr-start b',
    ]);
  });
});
