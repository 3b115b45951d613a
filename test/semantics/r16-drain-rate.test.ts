import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

/** Queued to processor 1 under pre-vista, Medium asks for nothing: only the tick finds it. */
const FORGOTTEN = device('nic', [10_000], { dpc: dpc({ target: 1 }) });

function ticksOf(machine: Record<string, unknown>, policy: unknown, until: number): string[] {
  const { only } = traceOf({
    machine: { processors: 2, tick: 100_000, tickSkew: 10_000, background: [THREAD], ...machine },
    policy: policy as string,
    sources: [FORGOTTEN],
    until,
  });
  return only('tick')
    .filter((line) => line.includes(' p1 '))
    .map((line) => line.split('tick ')[1]);
}

describe('R16: rates', () => {
  it('are halved averages of what was inserted and taken between ticks', () => {
    const at = Array.from({ length: 7 }, (_, i) => 10_000 + 10_000 * i);
    const { only } = traceOf({
      machine: { tick: 100_000, background: [THREAD] },
      sources: [device('nic', at, { dpc: dpc({ service: 0 }) })],
      until: 450_000,
    });
    expect(only('tick')).toEqual([
      '101000 p0 tick request 3 drain 3 maximum 4', // (0 + 7) >> 1
      '201000 p0 tick request 1 drain 1 maximum 4', // (3 + 0) >> 1
      '301000 p0 tick request 0 drain 0 maximum 4',
      '401000 p0 tick request 0 drain 0 maximum 4',
    ]);
  });

  it('count inserts when they are linked and DPCs when they are taken', () => {
    const at = [10_000, 13_000, 16_000, 19_000];
    const { only } = traceOf({
      machine: {
        tick: 50_000, // four queued before the tick, under a spin lock until 70000
        background: [{ busy: '1s', idle: 0, passive: 5000, dispatch: 65_000 }],
      },
      sources: at.map((time, i) => device(`d${i}`, [time], { isr: 0, dpc: dpc({ service: 0 }) })),
      until: 110_000,
    });
    expect(only('tick').map((line) => line.split('tick ')[1])).toEqual([
      'request 2 drain 0 maximum 4', // requested already: no rescue, and the maximum stays
      'request 1 drain 2 maximum 4',
    ]);
  });
});

describe('R16: the rescue and the maximum depth', () => {
  it('rescues a queue that nobody is going to drain', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, tick: 100_000, background: [THREAD] },
      sources: [FORGOTTEN],
      until: 150_000,
    });
    expect(only('tick', 'drain-start', 'dpc-start')).toEqual([
      '101000 p0 tick request 0 drain 0 maximum 4',
      '101000 p1 tick request 0 drain 0 maximum 3 rescue',
      '101000 p1 drain-start dispatch',
      '101500 p1 dpc-start nic items 1 wait 89000',
    ]);
    expect(outcome.processors.map(({ counters }) => counters.rescues)).toEqual([0, 1]);
  });

  it('lets the maximum rise again after adjustDpcThreshold quiet ticks, up to its limit', () => {
    const machine = { tunables: { adjustDpcThreshold: 3 } };
    expect(ticksOf(machine, 'pre-vista', 900_000)).toEqual([
      'request 0 drain 0 maximum 3 rescue', // the countdown restarts at 3
      'request 0 drain 0 maximum 3',
      'request 0 drain 0 maximum 3',
      'request 0 drain 0 maximum 4', // 3 ticks later
      'request 0 drain 0 maximum 4',
      'request 0 drain 0 maximum 4',
      'request 0 drain 0 maximum 4', // at its limit
      'request 0 drain 0 maximum 4',
    ]);
  });

  it('lowers the maximum to 1 and no further, without the rescue', () => {
    const policy = { name: 'helpless', extends: 'pre-vista', tickRescue: false };
    expect(ticksOf({ tunables: { maximumDpcQueueDepth: 3 } }, policy, 450_000)).toEqual([
      'request 0 drain 0 maximum 2',
      'request 0 drain 0 maximum 1',
      'request 0 drain 0 maximum 1',
      'request 0 drain 0 maximum 1',
    ]);
  });

  it('does not lower it when requests come at idealDpcRate or faster', () => {
    const policy = { name: 'helpless', extends: 'pre-vista', tickRescue: false };
    expect(ticksOf({ tunables: { idealDpcRate: 0 } }, policy, 250_000)).toEqual([
      'request 0 drain 0 maximum 4',
      'request 0 drain 0 maximum 4',
    ]);
  });

  it('never moves it with adaptive: false, and rescues all the same', () => {
    const policy = { name: 'rigid', extends: 'pre-vista', adaptive: false };
    expect(ticksOf({}, policy, 250_000)).toEqual([
      'request 0 drain 0 maximum 4 rescue',
      'request 0 drain 0 maximum 4',
    ]);
  });

  it('leaves alone a queue that is being drained', () => {
    const { only } = traceOf({
      machine: { tick: 20_000, background: [THREAD] },
      sources: [
        device('a', [10_000], { dpc: dpc({ service: 50_000 }) }),
        device('b', [15_000], { isr: 0, dpc: dpc() }),
      ],
      until: 30_000,
    });
    expect(only('tick')).toEqual(['21000 p0 tick request 1 drain 0 maximum 4']);
  });

  it('rescues a halted processor: the idle loop drains, with no drain of origin dispatch', () => {
    const { only } = traceOf({
      machine: { processors: 2, tick: 100_000, background: [THREAD, { busy: 0, idle: 0 }] },
      sources: [FORGOTTEN],
      until: 150_000,
    });
    expect(only('tick', 'drain-start', 'halt').slice(1)).toEqual([
      '101000 p0 tick request 0 drain 0 maximum 4',
      '103000 p1 tick request 0 drain 0 maximum 3 rescue',
      '103000 p1 drain-start idle',
      '107100 p1 halt',
    ]);
  });
});
