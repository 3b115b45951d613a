import { describe, expect, it } from 'vitest';
import { device, dpc, NO_THREAD, THREAD, traceOf } from './trace-of.js';

/** The request of the only insert, from processor 0 to processor 1, at 12500 (14500 if halted). */
function requestUnder(condition: string, machine: Record<string, unknown>, rest = {}): string {
  const { only } = traceOf({
    machine: { processors: 2, background: [THREAD, NO_THREAD], ...machine },
    policy: { name: 'asked', extends: 'pre-vista', other: { medium: condition }, ...rest },
    sources: [device('nic', [10_000], { dpc: dpc({ target: 1 }) })],
    until: 50_000,
  });
  const [insert] = only('insert');
  return insert.split(' ').pop()!;
}

const STATES: Record<string, Record<string, unknown>> = {
  'runs a thread': { background: [THREAD] },
  polls: { poll: 1_000_000 },
  'has halted': {},
  'has halted with dynamicTick': { dynamicTick: true },
};

describe('R10: what is true of the target', () => {
  it.each([
    ['idle', ['none', 'ipi', 'ipi', 'ipi']],
    ['polling', ['none', 'ipi', 'none', 'none']],
    ['deep', ['none', 'none', 'none', 'ipi']],
    ['not idle', ['ipi', 'none', 'none', 'none']],
    ['idle and not polling', ['none', 'none', 'ipi', 'ipi']],
    ['not (idle and not polling)', ['ipi', 'ipi', 'none', 'none']],
    ['not idle or deep', ['ipi', 'none', 'none', 'ipi']],
    ['always', ['ipi', 'ipi', 'ipi', 'ipi']],
    ['never', ['none', 'none', 'none', 'none']],
    // Both rates start at 0, below minimumDpcRate; the depth is 1.
    ['slow and rare', ['ipi', 'ipi', 'ipi', 'ipi']],
    ['over', ['none', 'none', 'none', 'none']],
  ])('%s', (condition, expected) => {
    expect(Object.values(STATES).map((state) => requestUnder(condition, state))).toEqual(expected);
  });

  it('over: the depth reaches the maximum, or exceeds it', () => {
    const tunables = { maximumDpcQueueDepth: 1 };
    expect(requestUnder('over', { tunables }, { depth: 'reaches' })).toBe('ipi');
    expect(requestUnder('over', { tunables }, { depth: 'exceeds' })).toBe('none');
  });

  it('slow, rare: a rate of 0 is not below a minimum of 0', () => {
    const tunables = { minimumDpcRate: 0 };
    expect(requestUnder('slow or rare', { tunables })).toBe('none');
  });

  it.each([
    ['idle', 'ipi'],
    ['polling', 'none'],
    ['deep', 'ipi'],
  ])('asks about the bottom, not about the ISR above it: %s', (condition, request) => {
    const { only } = traceOf({
      machine: { processors: 2, dynamicTick: true, background: [THREAD, NO_THREAD] },
      policy: { name: 'asked', extends: 'pre-vista', other: { medium: condition } },
      sources: [
        device('hog', [5000], { irql: 9, isr: 50_000, processor: 1 }), // above a halted idle loop
        device('nic', [10_000], { dpc: dpc({ target: 1 }) }),
      ],
      until: 50_000,
    });
    expect(only('insert')).toEqual([`12500 p0 insert nic -> 1 depth 1 ${request}`]);
  });
});

describe('R10: the answer', () => {
  it.each([
    ['pre-vista', 'none none none ipi'],
    ['vista', 'none none ipi ipi'],
    ['nt4-table', 'ipi ipi ipi ipi'],
    ['nt52', 'none none none ipi'],
    ['msdn', 'none none ipi ipi'],
    ['windows-internals', 'ipi ipi ipi ipi'],
  ])('%s, to a halted processor, by importance', (policy, expected) => {
    const requests = ['low', 'medium', 'mediumHigh', 'high'].map((importance) => {
      const { only } = traceOf({
        machine: { processors: 2, background: [THREAD, NO_THREAD] },
        policy,
        sources: [device('nic', [10_000], { dpc: dpc({ importance, target: 1 }) })],
        until: 13_000,
      });
      return only('insert')[0].split(' ').pop();
    });
    expect(requests.join(' ')).toBe(expected);
  });

  it('none: nothing happens until someone else drains', () => {
    const { lines } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [device('nic', [10_000], { dpc: dpc({ target: 1 }) })],
      until: 900_000,
    });
    expect(lines.slice(4)).toEqual([
      '12500 p0 insert nic -> 1 depth 1 none',
      '12500 p0 isr-end nic',
    ]);
  });

  it('ipi: arrives costs.ipiFlight after the insert; the sender pays costs.ipiSend', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD], costs: { ipiFlight: 100, ipiSend: 900 } },
      sources: [device('nic', [10_000], { dpc: dpc({ importance: 'high', target: 1 }) })],
      until: 14_000,
    });
    expect(only('insert', 'ipi', 'isr-end')).toEqual([
      '12500 p0 insert nic -> 1 depth 1 ipi',
      '12600 p1 ipi',
      '13400 p0 isr-end nic',
    ]);
  });

  it('suppressed: the target is requested, and stays so until its drain has ended', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('a', [10_000], { dpc: dpc({ importance: 'high', target: 1 }) }),
        device('b', [10_400], { irql: 6, isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
        device('c', [14_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
      ],
      until: 40_000,
    });
    expect(only('insert', 'ipi', 'drain-start', 'dpc-start', 'drain-end')).toEqual([
      '10900 p0 insert b -> 1 depth 1 ipi', // arrives at 11700; b's ISR ends at 11100
      '11700 p1 ipi',
      '11700 p1 drain-start dispatch',
      '12200 p1 dpc-start b items 1 wait 1300', // to 16300
      // a: 10000 to 10400, then from 11100 its other 2100.
      '13200 p0 insert a -> 1 depth 1 suppressed', // the target is draining
      '14500 p0 insert c -> 1 depth 2 suppressed',
      '16300 p1 dpc-start c items 1 wait 1800',
      '20400 p1 dpc-start a items 1 wait 7200',
      '24500 p1 drain-end 3',
    ]);
  });

  it('suppress: false asks again and again', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      policy: { name: 'loud', extends: 'pre-vista', suppress: false },
      sources: [
        device('a', [10_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
        device('b', [11_000], { isr: 0, dpc: dpc({ importance: 'high', target: 1 }) }),
      ],
      until: 12_000,
    });
    expect(only('insert', 'ipi')).toEqual([
      '10500 p0 insert a -> 1 depth 1 ipi',
      '11300 p1 ipi',
      '11500 p0 insert b -> 1 depth 2 ipi',
    ]);
    expect(outcome.processors[1].counters.ipis).toBe(2); // counted at the target
  });

  it('asks after linking: the new DPC may itself put the queue over', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD], tunables: { maximumDpcQueueDepth: 2 } },
      sources: [
        device('a', [10_000], { isr: 0, dpc: dpc({ target: 1 }) }),
        device('b', [11_000], { isr: 0, dpc: dpc({ target: 1 }) }),
      ],
      until: 12_000,
    });
    expect(only('insert')).toEqual([
      '10500 p0 insert a -> 1 depth 1 none',
      '11500 p0 insert b -> 1 depth 2 ipi',
    ]);
  });

  it.each(['none', 'ipi'])('a polling target takes the object up at once: %s', (request) => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD, NO_THREAD], poll: 1_000_000 },
      policy: {
        name: 'asked',
        extends: 'pre-vista',
        other: { medium: request === 'ipi' ? 'always' : 'never' },
      },
      sources: [device('nic', [10_000], { dpc: dpc({ target: 1 }) })],
      until: 20_000,
    });
    expect(only('insert', 'drain-start', 'dpc-start', 'ipi')).toEqual([
      `12500 p0 insert nic -> 1 depth 1 ${request}`,
      '12500 p1 drain-start idle',
      '12500 p1 dpc-start nic items 1 wait 0',
      ...(request === 'ipi' ? ['13300 p1 ipi'] : []), // sent all the same
    ]);
  });
});
