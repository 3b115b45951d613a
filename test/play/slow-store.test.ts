import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SlowAnswer, Stretch } from '../../reports/play/messages.js';
import { SlowStore } from '../../reports/play/slow-store.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A machine at this pace whose statistics have just begun, and what slow motion asks of it. */
function slowMotion(processors: number, interruptsAMs: number, speedNs: number) {
  const asked: { policyIndex: number; stretch: Stretch }[] = [];
  const total = { atNs: 1_000, arrivals: 0 };
  const machine = { total, shard: 2, shardNs: 5_000_000 };
  const pace = { ns: total.atNs, nowNs: () => pace.ns };
  const store = new SlowStore({
    state: { value: { speedNs } },
    machines: [machine, machine],
    plan: { value: { processors, expectedNs: 1e9, expectedInterrupts: 1_000 * interruptsAMs } },
    pace,
    askSlowly: (policyIndex, stretch) => asked.push({ policyIndex, stretch }),
  });
  const spanNs = (): number => {
    const { fromNs, toNs } = asked.at(-1)!.stretch.window;
    return toNs - fromNs;
  };
  const answer = (busy: number[]): void => {
    for (const policyIndex of [0, 1]) {
      const told = busy.slice(0, 16);
      store.take({ policyIndex, motion: { busy, told } } as unknown as SlowAnswer);
    }
  };
  return { answer, asked, pace, spanNs, store };
}

test('a stretch is as long as its interrupts can be drawn and followed', () => {
  const spanOf = (...given: Parameters<typeof slowMotion>): number => {
    const { spanNs, store } = slowMotion(...given);
    store.follow();
    return spanNs();
  };
  // 150 interrupts; at a fast pace a millisecond; no more than 300 interrupts.
  expect(spanOf(8, 100, 20_000)).toBe(1_500_000);
  expect(spanOf(8, 250, 1_000_000)).toBe(1_000_000);
  expect(spanOf(8, 3_000, 1_000_000)).toBe(100_000);
  // A list, of which nobody knows how many interrupts it is.
  expect(spanOf(2, Infinity, 20_000)).toBe(1_000_000);
  // 16 processors are shown, of 512.
  expect(spanOf(512, 20_000, 20_000)).toBe(240_000);
});

test('the next stretch is asked for in time, once, of the machine that lacks it', () => {
  const { answer, asked, pace, store } = slowMotion(512, 20_000, 20_000);
  store.follow();
  expect(asked.map(({ policyIndex }) => policyIndex)).toEqual([0, 1]);
  expect(asked[0].stretch).toMatchObject({ shardIndex: 2, processor: 0 });
  // It took five seconds, in which 100 µs go by: so much lies ahead when the next one is due.
  vi.advanceTimersByTime(5_000);
  answer(Array.from({ length: 512 }, (_, i) => i));
  pace.ns += 100_000;
  store.follow();
  expect(asked.length).toBe(2);
  pace.ns += 20_000;
  store.follow();
  expect(asked.length).toBe(4);
  store.follow();
  expect(asked.length).toBe(4);
  store.choose(1, 300);
  expect(asked.at(-1)).toEqual({
    policyIndex: 1,
    stretch: { ...asked[3].stretch, processor: 300 },
  });
  store.choose(1, 300);
  // Those that are told already need no answer.
  store.choose(1, 15);
  expect(asked.length).toBe(5);
});
