import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

/** A thread that holds a spin lock from 40000 to 70000: what is queued then waits until 70000. */
const LOCKED = { busy: '1000s', idle: 0, passive: 40_000, dispatch: 30_000 };
const IMPORTANCES = ['low', 'medium', 'mediumHigh', 'high'];

function oneOfEach(): Record<string, unknown>[] {
  return IMPORTANCES.map((importance, i) =>
    device(importance, [50_000 + 3000 * i], { dpc: dpc({ importance, service: 0 }) }),
  );
}

function orderOf(lines: string[]): string[] {
  return lines.map((line) => line.split(' ')[3]);
}

describe('R9: KeInsertQueueDpc', () => {
  it('links High at the head and every other importance at the tail', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      sources: oneOfEach(),
      until: 100_000,
    });
    expect(only('insert').map((line) => line.replace(/^\S+ p0 /, ''))).toEqual([
      'insert low -> 0 depth 1 local', // slow: the drain rate is 0 at the start
      'insert medium -> 0 depth 2 suppressed',
      'insert mediumHigh -> 0 depth 3 suppressed',
      'insert high -> 0 depth 4 suppressed',
    ]);
    expect(orderOf(only('dpc-start'))).toEqual(['high', 'low', 'medium', 'mediumHigh']);
  });

  it('links at the head what the policy says, importance by importance', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      policy: {
        name: 'heads',
        extends: 'pre-vista',
        insert: { mediumHigh: 'head', high: 'tail' },
      },
      sources: oneOfEach(),
      until: 100_000,
    });
    expect(orderOf(only('dpc-start'))).toEqual(['mediumHigh', 'low', 'medium', 'high']);
  });

  it('runs several High last in, first out', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      sources: ['a', 'b', 'c'].map((name, i) =>
        device(name, [50_000 + 3000 * i], { dpc: dpc({ importance: 'high' }) }),
      ),
      until: 100_000,
    });
    expect(orderOf(only('dpc-start'))).toEqual(['c', 'b', 'a']);
  });

  it('answers FALSE while the object is queued, and changes nothing', () => {
    const { only, outcome } = traceOf({
      machine: { background: [LOCKED] },
      sources: [
        device('again', [50_000, 56_000], { dpc: dpc() }),
        device('other', [53_000], { dpc: dpc() }),
      ],
      until: 100_000,
    });
    expect(only('insert', 'dpc-start')).toEqual([
      '52500 p0 insert again -> 0 depth 1 local',
      '55500 p0 insert other -> 0 depth 2 suppressed',
      '58500 p0 insert again -> 0 coalesced', // neither its place nor its waiting time changes
      // The lock is held until 70000 of the thread's time; three ISRs took 7500.
      '78000 p0 dpc-start again items 2 wait 25500',
      '82100 p0 dpc-start other items 1 wait 26600',
    ]);
    expect(outcome.machine.counters).toMatchObject({ inserts: 2, coalesced: 1, suppressed: 1 });
  });

  it('fixes the target first, even of an object that is queued on another processor', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [LOCKED, THREAD] },
      sources: [device('nic', [50_000, 53_000], { dpc: dpc({ target: 'round-robin' }) })],
      until: 60_000,
    });
    expect(only('insert')).toEqual([
      '52500 p0 insert nic -> 0 depth 1 local', // the 0th goes to processor 0
      '55500 p0 insert nic -> 1 coalesced', // the 1st would have gone to processor 1
    ]);
    expect(outcome.processors.map(({ counters }) => counters.coalesced)).toEqual([0, 1]);
  });

  it('counts depth and inserts at the target', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('a', [10_000], { dpc: dpc({ target: 1 }) }),
        device('b', [20_000], { dpc: dpc({ target: 1 }) }),
      ],
      until: 30_000,
    });
    expect(only('insert')).toEqual([
      '12500 p0 insert a -> 1 depth 1 none',
      '22500 p0 insert b -> 1 depth 2 none',
    ]);
    expect(outcome.processors.map(({ counters }) => counters.inserts)).toEqual([0, 2]);
    expect(outcome.processors.map(({ counters }) => counters.declined)).toEqual([0, 2]);
    expect(outcome.processors[1].queueDepth.maximum).toBe(2);
    // One from 12500, two from 22500 to the end at 30000.
    expect(outcome.processors[1].queueDepth.areaNs).toBe(10_000n + 2n * 7500n);
    expect(outcome.machine.counters.stillQueued).toBe(2);
  });
});
