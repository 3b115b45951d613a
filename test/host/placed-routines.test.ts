import { describe, expect, it } from 'vitest';
import { RoutineEvents } from '../../src/recording/routine-events.js';
import {
  placeRoutines,
  placesByProcessor,
  RoutineSpans,
} from '../../src/recording/routine-spans.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';

/** Routines of a processor that overlap in any way. */
function overlapping(seed: number, isExclusive: boolean): RoutineSpans {
  const random = new SeededStream([seed]);
  const spans = new RoutineSpans();
  let stampNs = 0;
  for (let i = 0; i < 8; i++) {
    stampNs += [0, 0, 1, 5, 10, 20][random.below(6)];
    const kind = random.below(3) === 0 ? 'isr' : 'dpc';
    const durationNs = [0, 1, 2, 5, 12, 30][random.below(6)];
    spans.add({ kind, processor: 0, stampNs, durationNs, name: 0, isExclusive });
  }
  return spans;
}

describe.each([
  ['whole', false],
  ['without what interrupts them', true],
])('routines with durations that are %s', (_, isExclusive) => {
  it.each(['entry', 'exit'] as const)('nest, however they overlap by their %s', (end) => {
    for (let seed = 0; seed < 100; seed++) {
      const spans = overlapping(seed, isExclusive);
      const placed = placeRoutines(spans, end, 1);
      const open: number[] = [];
      const ended: number[] = [];
      let beforeNs = -Infinity;
      for (const events = new RoutineEvents(spans, placed); !events.isOver; events.next()) {
        expect(events.atNs).toBeGreaterThanOrEqual(beforeNs);
        beforeNs = events.atNs;
        if (events.kind === 'entry') open.push(events.place);
        else ended.push(open.at(-1) === events.place ? open.pop()! : -1);
      }
      expect(ended.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      if (isExclusive) continue;
      const { durationNs } = spans.routines;
      placed.exitNs.forEach((ns, i) => expect(ns - placed.entryNs[i]).toBe(durationNs[i]));
    }
  });
});

it('routines and switches are kept, however many they are', () => {
  const spans = new RoutineSpans();
  const names = ['a', 'b', 'a'].map((name) => spans.nameIndex(name));
  expect([names, spans.names]).toEqual([
    [0, 1, 0],
    ['a', 'b'],
  ]);
  const count = 2500;
  for (let i = 0; i < count; i++) {
    const kind = i % 3 === 0 ? 'isr' : 'dpc';
    const exclusive = { isExclusive: i % 5 === 0 };
    spans.add({ kind, processor: i % 7, stampNs: 2 * i, durationNs: i, name: i % 2, ...exclusive });
    spans.addSwitch({ processor: i % 9, atNs: 3 * i, isIdle: i % 4 === 0 });
  }
  const { routines, switches } = spans;
  expect([routines.length, switches.length]).toEqual([count, count]);
  const kept = (column: ArrayLike<number>): number[] => Array.from(column).slice(0, count);
  const expected = (of: (i: number) => number): number[] =>
    Array.from({ length: count }, (_, i) => of(i));
  expect(kept(routines.processor)).toEqual(expected((i) => i % 7));
  expect(kept(routines.atNs)).toEqual(expected((i) => 2 * i));
  expect(kept(routines.durationNs)).toEqual(expected((i) => i));
  expect(kept(routines.name)).toEqual(expected((i) => i % 2));
  expect(kept(routines.isIsr)).toEqual(expected((i) => Number(i % 3 === 0)));
  expect(kept(routines.isExclusive)).toEqual(expected((i) => Number(i % 5 === 0)));
  expect(kept(switches.processor)).toEqual(expected((i) => i % 9));
  expect(kept(switches.atNs)).toEqual(expected((i) => 3 * i));
  expect(kept(switches.isIdle)).toEqual(expected((i) => Number(i % 4 === 0)));
  const last = placesByProcessor(routines).get(6)!;
  expect([last.length, last[0], last.at(-1)]).toEqual([357, 6, 2498]);
});

it('a routine that another was moved in front of is moved behind it', () => {
  const spans = new RoutineSpans();
  const add = (kind: 'dpc' | 'isr', stampNs: number, durationNs: number): void =>
    spans.add({ kind, processor: 0, stampNs, durationNs, name: 0, isExclusive: false });
  add('isr', 0, 30);
  add('dpc', 20, 10);
  add('dpc', 25, 5);
  const { entryNs, exitNs, overlaps } = placeRoutines(spans, 'entry', 1);
  expect([...entryNs]).toEqual([0, 30, 40]);
  expect([...exitNs]).toEqual([30, 40, 45]);
  expect(overlaps).toBe(2);
});
