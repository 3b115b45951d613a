import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

/** A thread that holds a spin lock from 40000 to 70000. */
const LOCKED = { busy: '1000s', idle: 0, passive: 40_000, dispatch: 30_000 };

/** How long each routine ran, in the order in which they started; none may nest. */
function routineLengths(lines: string[]): number[] {
  const time = (line: string): number => Number(line.split(' ')[0]);
  const starts = lines.filter((line) => line.includes('dpc-start'));
  const ends = lines.filter((line) => line.includes('dpc-end'));
  return starts.map((line, i) => time(ends[i]) - time(line));
}

describe('R13: retiring the queue', () => {
  it('runs for costs.dequeue + service + perItem for each item', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED], costs: { dequeue: 300 } },
      sources: [device('nic', [50_000, 53_000, 56_000], { dpc: dpc({ perItem: 500 }) })],
      until: 100_000,
    });
    expect(only('dpc-start', 'dpc-end')).toEqual([
      '78000 p0 dpc-start nic items 3 wait 25500',
      '83800 p0 dpc-end nic', // 300 + 4000 + 3 × 500
    ]);
  });

  it('lets the object be queued again from its dequeue on', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('nic', [10_000, 14_000], { dpc: dpc() })],
      until: 40_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '13000 p0 dpc-start nic items 1 wait 500',
      '16500 p0 insert nic -> 0 depth 1 suppressed',
      '19600 p0 dpc-end nic',
      '19600 p0 dpc-start nic items 1 wait 3100',
      '23700 p0 dpc-end nic',
    ]);
  });

  it('takes at most budget items, and queues the object again as the routine ends', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      sources: [device('nic', [50_000, 53_000, 56_000], { dpc: dpc({ budget: 2 }) })],
      until: 100_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end', 'drain-end')).toEqual([
      '52500 p0 insert nic -> 0 depth 1 local',
      '55500 p0 insert nic -> 0 coalesced',
      '58500 p0 insert nic -> 0 coalesced',
      '78000 p0 dpc-start nic items 2 wait 25500',
      '82100 p0 insert nic -> 0 depth 1 suppressed', // before its dpc-end
      '82100 p0 dpc-end nic',
      '82100 p0 dpc-start nic items 1 wait 0',
      '86200 p0 dpc-end nic',
      '86200 p0 drain-end 2',
    ]);
  });

  it('queues itself again only for what it left, not for what arrives while it runs', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      // The second ISR runs from 13500 to 16000 above the routine, and queues the object itself.
      sources: [device('nic', [10_000, 13_500], { dpc: dpc({ budget: 1 }) })],
      until: 40_000,
    });
    expect(only('insert')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '16000 p0 insert nic -> 0 depth 1 suppressed',
    ]);
  });

  it('lets each routine know what it left: of two at once, both queue the object', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('nic', [10_000, 10_100, 10_200, 17_000], {
          processor: [0, 0, 0, 1],
          dpc: dpc({ budget: 1 }),
        }),
        // Holds processor 0's routine from 16000 to 66000.
        device('hog', [16_000], { irql: 9, isr: 49_500 }),
      ],
      until: 100_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '15000 p0 insert nic -> 0 coalesced',
      '15500 p0 dpc-start nic items 1 wait 3000', // leaves two
      '19500 p1 insert nic -> 1 depth 1 local',
      '20000 p1 dpc-start nic items 1 wait 500', // leaves two again
      '24100 p1 insert nic -> 1 depth 1 suppressed',
      '24100 p1 dpc-end nic',
      '24100 p1 dpc-start nic items 1 wait 0',
      '28200 p1 insert nic -> 1 depth 1 suppressed',
      '28200 p1 dpc-end nic',
      '28200 p1 dpc-start nic items 1 wait 0', // leaves none
      '32300 p1 dpc-end nic',
      '69600 p0 insert nic -> 0 depth 1 suppressed', // for the two that it left
      '69600 p0 dpc-end nic',
      '69600 p0 dpc-start nic items 0 wait 0',
      '73700 p0 dpc-end nic',
    ]);
  });

  it('may find its object queued already by another routine that left items', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      policy: { name: 'patient', extends: 'pre-vista', drainLimit: 1 },
      sources: [
        device('nic', [10_000, 10_100, 10_200, 17_000], {
          processor: [0, 0, 0, 1],
          dpc: dpc({ budget: 1 }),
        }),
        // Holds processor 0's routine from 16000 to 20400.
        device('hog', [16_000], { irql: 9, isr: 3900 }),
      ],
      until: 30_000,
    });
    expect(only('insert')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '15000 p0 insert nic -> 0 coalesced',
      '19500 p1 insert nic -> 1 depth 1 local',
      '24000 p0 insert nic -> 0 depth 1 suppressed', // and stays: the drain's limit
      '24100 p1 insert nic -> 1 coalesced',
    ]);
    expect(outcome.machine.counters.coalesced).toBe(2);
  });

  it('pays nothing for an IPI that the routine itself sends', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('nic', [10_000, 10_100], {
          dpc: dpc({ importance: 'high', target: 'round-robin', budget: 1 }),
        }),
      ],
      until: 30_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end', 'drain-end', 'ipi')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '15000 p0 insert nic -> 1 coalesced',
      '15500 p0 dpc-start nic items 1 wait 3000',
      '19600 p0 insert nic -> 1 depth 1 ipi', // R9 from processor 0, the 1st success of the source
      '19600 p0 dpc-end nic',
      '19600 p0 drain-end 1',
      '20400 p1 ipi',
      '20900 p1 dpc-start nic items 1 wait 1300',
      '25000 p1 dpc-end nic',
      '25000 p1 drain-end 1',
    ]);
  });

  it('stops after drainLimit routines: neither draining nor requested from then on', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      policy: { name: 'limited', extends: 'pre-vista', drainLimit: 2 },
      sources: [
        device('a', [50_000], { dpc: dpc() }),
        device('b', [53_000], { dpc: dpc() }),
        device('c', [56_000], { dpc: dpc() }),
        device('d', [90_000], { dpc: dpc() }),
      ],
      until: 110_000,
    });
    expect(only('insert', 'drain-start', 'drain-end').slice(3)).toEqual([
      '77500 p0 drain-start dispatch',
      '86200 p0 drain-end 2', // c stays
      '92500 p0 insert d -> 0 depth 2 local', // not suppressed
      '92500 p0 drain-start dispatch',
      '101200 p0 drain-end 2',
    ]);
  });

  it('drains again at once on an idle bottom, which looks at the queue anew', () => {
    const { only } = traceOf({
      policy: { name: 'limited', extends: 'pre-vista', drainLimit: 1 },
      sources: [
        device('a', [10_000], { dpc: dpc() }),
        device('b', [10_000], { irql: 6, dpc: dpc() }),
      ],
      until: 40_000,
    });
    expect(only('drain-start', 'drain-end', 'halt').slice(1)).toEqual([
      // a: exit 2000 and 2500, b 2500 within it
      '17000 p0 drain-start idle',
      '21100 p0 drain-end 1',
      '21100 p0 drain-start idle',
      '25200 p0 drain-end 1',
      '25200 p0 halt',
    ]);
  });

  it('may find no item: another processor has taken it', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [device('nic', [10_000, 12_000], { processor: [0, 1], dpc: dpc() })],
      until: 30_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '13000 p0 dpc-start nic items 2 wait 500',
      '14500 p1 insert nic -> 1 depth 1 local',
      '15000 p1 dpc-start nic items 0 wait 500',
      '17100 p0 dpc-end nic',
      '19100 p1 dpc-end nic',
    ]);
    expect(outcome.sources[0].interruptToDpc.count).toBe(2);
  });
});

describe('R13: whose service time', () => {
  const drawn = (at: number[], rest: Record<string, unknown>, more = {}): number[] =>
    routineLengths(
      traceOf({
        machine: { processors: 2, background: [THREAD] },
        sources: [device('nic', at, { dpc: dpc(rest), ...more })],
        until: 10_000_000,
      }).only('dpc-start', 'dpc-end'),
    );
  const APART = [10_000, 1_010_000, 2_010_000];

  it('is that of the oldest item that the routine takes', () => {
    const service = { uniform: [1000, 9000] };
    const alone = drawn(APART, { service });
    expect(new Set(alone).size).toBe(3);
    // The first ISR ends at 12500, those of the others at 15000: one routine takes all three.
    expect(drawn([10_000, 10_100, 10_200], { service })).toEqual([alone[0]]);
  });

  it('adds the per-item times of all items up', () => {
    const rest = { service: 0, perItem: { uniform: [1000, 9000] } };
    const alone = drawn(APART, rest);
    expect(new Set(alone).size).toBe(3);
    const sum = alone.reduce((total, length) => total + length - 100, 100);
    expect(drawn([10_000, 10_100, 10_200], rest)).toEqual([sum]);
  });

  it('without items is that of the arrival whose ISR queued the object', () => {
    const rest = { service: { uniform: [20_000, 29_000] } };
    const alone = drawn(APART.slice(0, 2), rest);
    const together = drawn([10_000, 12_000], rest, { processor: [0, 1] });
    // Both start, then both end; 15000 + the second may come before 13000 + the first.
    const ends = [13_000 + together[0], 15_000 + together[1]];
    expect(ends.sort((a, b) => a - b)).toEqual(
      [13_000 + alone[0], 15_000 + alone[1]].sort((a, b) => a - b),
    );
  });
});
