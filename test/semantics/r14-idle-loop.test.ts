import { describe, expect, it } from 'vitest';
import { device, dpc, NO_THREAD, THREAD, traceOf } from './trace-of.js';

describe('R14: the idle loop polls, then halts', () => {
  it('sets its halted flag after poll ns, and polls anew after every interruption', () => {
    const { only } = traceOf({
      machine: { poll: 10_000 },
      sources: [device('nic', [4000, 20_000])],
      until: 50_000,
    });
    expect(only('isr-start', 'isr-end', 'halt')).toEqual([
      '4000 p0 isr-start nic',
      '6500 p0 isr-end nic', // it polled: no exit to pay
      '16500 p0 halt',
      '20000 p0 isr-start nic',
      '24500 p0 isr-end nic', // 2000 to leave the halt
      '34500 p0 halt',
    ]);
  });

  it('takes up what is queued before the halt of the same instant, which comes last', () => {
    const run = (at: number): string[] =>
      traceOf({
        machine: { processors: 2, background: [NO_THREAD, THREAD] },
        sources: [
          device('x', [10_000]), // 4500: processor 0 is idle again from 14500
          device('nic', [at], { processor: 1, dpc: dpc({ target: 0 }) }),
        ],
        until: 30_000,
      })
        .only('isr-end', 'insert', 'dpc-start', 'halt')
        .slice(1);
    expect(run(12_000)).toEqual([
      '14500 p0 isr-end x',
      '14500 p1 insert nic -> 0 depth 1 none',
      '14500 p0 dpc-start nic items 1 wait 0',
      '14500 p1 isr-end nic',
      '18600 p0 halt',
    ]);
    expect(run(12_001)).toEqual([
      '14500 p0 isr-end x',
      '14500 p0 halt',
      '14501 p1 insert nic -> 0 depth 1 none', // not noticed
      '14501 p1 isr-end nic',
    ]);
  });

  it('clears a waiting DISPATCH interrupt: the idle drain needs none', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: 30_000, idle: 20_000 }] },
      sources: [device('nic', [10_000], { dpc: dpc() })],
      until: 60_000,
    });
    expect(only('insert', 'drain-start', 'drain-end', 'thread', 'idle')).toEqual([
      '14500 p0 insert nic -> 0 depth 1 local',
      '14500 p0 drain-start idle',
      '18600 p0 drain-end 1',
      '22000 p0 thread', // ready at 20000, wake 2000; no drain follows
      '52000 p0 idle',
    ]);
  });

  it('drains before it takes a ready thread', () => {
    const { only } = traceOf({
      machine: { background: [{ busy: 30_000, idle: 12_000 }] },
      sources: [device('nic', [10_000], { dpc: dpc() })],
      until: 60_000,
    });
    expect(only('isr-end', 'drain-start', 'drain-end', 'thread')).toEqual([
      '14500 p0 isr-end nic',
      '14500 p0 drain-start idle',
      '18600 p0 drain-end 1',
      '18600 p0 thread', // ready since 12000, while the ISR ran
    ]);
  });

  it('polls anew when a DISPATCH interrupt finds it polling', () => {
    const { only } = traceOf({
      machine: {
        processors: 2,
        poll: 20_000,
        costs: { ipiFlight: 8000 },
        background: [THREAD, NO_THREAD],
      },
      sources: [device('a', [10_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) })],
      until: 50_000,
    });
    expect(only('drain-end', 'ipi', 'halt')).toEqual([
      '14600 p1 drain-end 1',
      '18500 p1 ipi',
      '38500 p1 halt', // 20000 after it looked around, not after the drain
    ]);
  });
});

describe('R14: leaving the halt', () => {
  it('costs haltExit: the clock', () => {
    const { only } = traceOf({
      machine: { tick: 100_000, costs: { haltExit: 3000 } },
      sources: [device('far', [900_000])],
      until: 150_000,
    });
    expect(only('tick')).toEqual(['104000 p0 tick request 0 drain 0 maximum 4']);
  });

  it('costs haltExit: a DISPATCH interrupt, spent before the idle loop drains', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD, NO_THREAD] },
      sources: [device('a', [10_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) })],
      until: 20_000,
    });
    expect(only('ipi', 'drain-start', 'dpc-start', 'drain-end')).toEqual([
      '11300 p1 ipi',
      '13300 p1 drain-start idle',
      '13300 p1 dpc-start a items 1 wait 2800',
      '17400 p1 drain-end 1',
    ]);
    // The wake counts as idle.
    expect(outcome.processors[1].timeSplit).toMatchObject({
      ipiNs: 0,
      dispatchDrainNs: 0,
      idleDrainNs: 4100,
      idleNs: 20_000 - 4100,
    });
  });

  it('costs haltExit: a thread', () => {
    const { lines } = traceOf({
      machine: { background: [{ busy: 10_000, idle: 5000 }] },
      sources: [device('far', [900_000])],
      until: 20_000,
    });
    expect(lines).toEqual(['0 p0 halt', '7000 p0 thread', '17000 p0 idle', '17000 p0 halt']);
  });

  it('is paid once: not by one nested in it, nor by one accepted right after', () => {
    const { only } = traceOf({
      sources: [
        device('a', [10_000]), // 2000 + 2500
        device('b', [10_500], { irql: 9 }), // 2500 within it
        device('c', [11_000], { irql: 4 }), // waits for a, then 2500
        device('d', [30_000]), // a halt of its own
      ],
      until: 50_000,
    });
    expect(only('isr-start', 'isr-end', 'halt')).toEqual([
      '0 p0 halt',
      '10000 p0 isr-start a',
      '10500 p0 isr-start b',
      '13000 p0 isr-end b',
      '17000 p0 isr-end a',
      '17000 p0 isr-start c',
      '19500 p0 isr-end c',
      '19500 p0 halt',
      '30000 p0 isr-start d',
      '34500 p0 isr-end d',
      '34500 p0 halt',
    ]);
  });

  it('is paid by the activity that came first, though another comes at the same instant', () => {
    const { only } = traceOf({
      sources: [device('low', [10_000], { irql: 4 }), device('high', [10_000], { irql: 9 })],
      until: 30_000,
    });
    expect(only('isr-start', 'isr-end')).toEqual([
      '10000 p0 isr-start low',
      '10000 p0 isr-start high',
      '12500 p0 isr-end high',
      '17000 p0 isr-end low',
    ]);
  });

  it('lets a wake be interrupted, and go on', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD, NO_THREAD] },
      sources: [
        device('a', [10_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
        device('x', [12_000], { processor: 1 }),
      ],
      until: 30_000,
    });
    expect(only('ipi', 'isr-start', 'isr-end', 'drain-start').slice(2)).toEqual([
      '11300 p1 ipi', // wake until 13300
      '12000 p1 isr-start x',
      '14500 p1 isr-end x',
      '15800 p1 drain-start idle',
    ]);
  });

  it('keeps the flag until control reaches the idle loop: an ISR above it finds it halted', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD, NO_THREAD] },
      policy: { name: 'asked', extends: 'pre-vista', other: { medium: 'polling' } },
      sources: [
        device('x', [11_000], { processor: 1 }), // 4500, to 15500
        device('a', [10_000], { dpc: dpc({ target: 1, service: 0 }) }), // 12500: halted still
        device('b', [13_050], { dpc: dpc({ target: 1 }) }), // 15550: draining, so not halted
      ],
      until: 30_000,
    });
    expect(only('insert', 'drain-start')).toEqual([
      '12500 p0 insert a -> 1 depth 1 none',
      '15500 p1 drain-start idle',
      '15550 p0 insert b -> 1 depth 1 suppressed', // idle and not halted counts as polling
    ]);
  });
});
