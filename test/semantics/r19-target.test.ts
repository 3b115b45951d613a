import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

const MACHINE = { processors: 3, background: [THREAD] };

function targets(lines: string[]): string[] {
  const parts = /^\d+ (p\d) insert \S+ -> (\d).*?( coalesced)?$/;
  return lines.map((line) => line.replace(parts, '$1>$2$3'));
}

describe('R19: the target', () => {
  it('current: the processor that queues', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [device('nic', [10_000, 30_000], { processor: [2, 1], dpc: dpc() })],
      until: 50_000,
    });
    expect(targets(only('insert'))).toEqual(['p2>2', 'p1>1']);
  });

  it('a number: that processor, which may be the current one', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [
        device('nic', [10_000, 30_000], {
          processor: [0, 1],
          dpc: dpc({ importance: 'high', target: 1 }),
        }),
      ],
      until: 50_000,
    });
    expect(only('insert')).toEqual([
      '12500 p0 insert nic -> 1 depth 1 ipi',
      '32500 p1 insert nic -> 1 depth 1 local',
    ]);
  });

  it('round-robin: the k-th successful insert goes to processor k mod processors', () => {
    const { only } = traceOf({
      machine: MACHINE,
      policy: 'nt4-table',
      sources: [
        device('nic', [10_000, 30_000, 50_000, 70_000], { dpc: dpc({ target: 'round-robin' }) }),
        device('other', [20_000, 60_000], { dpc: dpc({ target: 'round-robin' }) }), // its own k
      ],
      until: 90_000,
    });
    const of = (name: string): string[] =>
      targets(only('insert').filter((line) => line.includes(`insert ${name}`)));
    // Nobody tells processors 1 and 2: threads run there, and the queue is not over. So the object
    // stays queued on 1, and what would be the 2nd success is none.
    expect(of('nic')).toEqual(['p0>0', 'p0>1', 'p0>2 coalesced', 'p0>2 coalesced']);
    expect(of('other')).toEqual(['p0>0', 'p0>1']);
  });

  it('round-robin: goes round, past the last processor', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [
        device('nic', [10_000, 30_000, 50_000, 70_000], {
          dpc: dpc({ importance: 'high', target: 'round-robin' }),
        }),
      ],
      until: 90_000,
    });
    expect(targets(only('insert'))).toEqual(['p0>0', 'p0>1', 'p0>2', 'p0>0']);
  });

  it('round-robin: one k for all objects of a source', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [
        device('nic', [10_000, 30_000, 50_000], {
          processor: [2, 1],
          dpc: dpc({ importance: 'high', target: 'round-robin', objects: 'per-processor' }),
        }),
      ],
      until: 90_000,
    });
    expect(only('insert')).toEqual([
      '12500 p2 insert nic@2 -> 0 depth 1 ipi',
      '32500 p1 insert nic@1 -> 1 depth 1 local',
      '52500 p2 insert nic@2 -> 2 depth 1 local',
    ]);
  });

  it('current: where the routine runs, when a budget makes it queue itself again', () => {
    const { only } = traceOf({
      machine: MACHINE,
      sources: [device('nic', [10_000, 10_100], { processor: [0, 1], dpc: dpc({ budget: 1 }) })],
      until: 50_000,
    });
    expect(targets(only('insert'))).toEqual([
      'p0>0', // 12500
      'p1>1 coalesced', // 12600, queued on 0 until 13000
      'p0>0', // 17100, by the routine on processor 0
    ]);
  });
});
