import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

function nic(objects: string, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return device('nic', [10_000, 10_100, 10_200, 10_300], {
    processor: [0, 1],
    dpc: dpc({ objects, perItem: 100 }),
    ...rest,
  });
}
const MACHINE = { processors: 2, background: [THREAD] };

describe('R20: DPC objects', () => {
  it('one: a processor finds it queued on another, and the one routine takes all items', () => {
    const { only } = traceOf({ machine: MACHINE, sources: [nic('one')], until: 40_000 });
    // Each processor runs its ISR twice, to 12500 and 15000, to 12600 and 15100.
    expect(only('insert', 'dpc-start')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '12600 p1 insert nic -> 1 coalesced',
      '15000 p0 insert nic -> 0 coalesced',
      '15100 p1 insert nic -> 1 coalesced',
      '15500 p0 dpc-start nic items 4 wait 3000',
    ]);
  });

  it('per-processor: each has its own object, FIFO and routine, at the same time', () => {
    const { only } = traceOf({ machine: MACHINE, sources: [nic('per-processor')], until: 40_000 });
    expect(only('insert', 'dpc-start', 'dpc-end')).toEqual([
      '12500 p0 insert nic@0 -> 0 depth 1 local',
      '12600 p1 insert nic@1 -> 1 depth 1 local',
      '15000 p0 insert nic@0 -> 0 coalesced',
      '15100 p1 insert nic@1 -> 1 coalesced',
      '15500 p0 dpc-start nic@0 items 2 wait 3000',
      '15600 p1 dpc-start nic@1 items 2 wait 3000',
      '19800 p0 dpc-end nic@0',
      '19900 p1 dpc-end nic@1',
    ]);
  });

  it("per-processor: the FIFO's size is that of each", () => {
    const dropped = (objects: string): number =>
      traceOf({ machine: MACHINE, sources: [nic(objects, { fifo: 2 })], until: 40_000 }).outcome
        .machine.counters.dropped;
    expect(dropped('one')).toBe(2);
    expect(dropped('per-processor')).toBe(0);
  });

  it('per-processor: the object is that of the processor that the arrival is routed to', () => {
    const { only, outcome } = traceOf({
      machine: MACHINE,
      sources: [
        device('nic', [10_000, 30_000], {
          processor: [0, 1],
          dpc: dpc({ objects: 'per-processor', importance: 'high', target: 0 }),
        }),
      ],
      until: 60_000,
    });
    expect(only('insert', 'dpc-start')).toEqual([
      '12500 p0 insert nic@0 -> 0 depth 1 local',
      '13000 p0 dpc-start nic@0 items 1 wait 500',
      '32500 p1 insert nic@1 -> 0 depth 1 ipi',
      '33800 p0 dpc-start nic@1 items 1 wait 1300',
    ]);
    expect(outcome.sources[0].counters).toMatchObject({ inserts: 2, dpcs: 2 });
  });

  it('one: the routine can run on two processors at once', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [device('nic', [10_000, 12_000], { processor: [0, 1], dpc: dpc() })],
      until: 40_000,
    });
    expect(only('dpc-start', 'dpc-end')).toEqual([
      '13000 p0 dpc-start nic items 2 wait 500',
      '15000 p1 dpc-start nic items 0 wait 500',
      '17100 p0 dpc-end nic',
      '19100 p1 dpc-end nic',
    ]);
  });
});
