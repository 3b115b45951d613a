import { describe, expect, it } from 'vitest';
import { Marks } from '../../src/report/lane-marks.js';
import { instantsOf, instantWords, shareOf } from '../../src/report/lanes.js';

/** What the marks of a field cover, in thousandths of its width. */
function covered(html: string): number {
  const widths = [...html.matchAll(/h([\d.]+)v/g)].map(([, width]) => Number(width));
  return widths.reduce((sum, width) => sum + width, 0);
}

describe('the axis of lanes', () => {
  const window = { fromNs: 950, toNs: 4_100 };

  it('has round instants after its zero, so far apart at least', () => {
    expect(instantsOf(window, 1_000, 400)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000]);
    expect(instantsOf(window, 2_000, 600)).toEqual([-1_000, 0, 1_000, 2_000]);
    expect(instantsOf({ fromNs: 10, toNs: 20 }, 0, 100)).toEqual([]);
  });

  it('ends where the window does', () => {
    expect([900, 950, 2_525, 4_100, 9_000].map((ns) => shareOf(ns, window))).toEqual([
      0, 0, 0.5, 1, 1,
    ]);
  });
});

describe('marks of a lane', () => {
  const mark = { y: 0, height: 5, level: 1, className: 'isr', title: 'ISR' };
  const isrs = (count: number, share: number): Marks => {
    const marks = new Marks();
    for (let i = 0; i < count; i++) {
      marks.add({ ...mark, from: i / count, to: (i + share) / count });
    }
    return marks;
  };

  it('drawn as one are as wide as they are together, not as what lies between them', () => {
    // A tenth of the time, and far more of them than are drawn one by one.
    const html = isrs(5_000, 0.1).draw(10, { titled: 0, plain: 40 });
    expect(html.match(/M[\d.]+ 0h/g)!.length).toBeLessThanOrEqual(40);
    expect(covered(html)).toBeGreaterThan(95);
    expect(covered(html)).toBeLessThan(140);
    // They stand where they are: in each quarter a quarter of them.
    const places = [...html.matchAll(/M([\d.]+) 0h/g)].map(([, x]) => Math.floor(Number(x) / 250));
    for (const quarter of [0, 1, 2, 3]) {
      const count = places.filter((place) => place === quarter).length;
      expect(Math.abs(count - places.length / 4)).toBeLessThanOrEqual(1);
    }
  });

  it('without gaps are whole', () => {
    const html = isrs(5_000, 1).draw(10, { titled: 0, plain: 40 });
    expect(covered(html)).toBeCloseTo(1_000, 0);
  });
});

it('instants of an axis are told apart, by all of their digits where three do not', () => {
  expect(instantWords([0, 5_000, 10_000])).toEqual(['0', '5 µs', '10 µs']);
  expect(instantWords([25e9, 25e9 + 5_000, 25e9 + 10_000])).toEqual([
    '25 s',
    '25.000005 s',
    '25.00001 s',
  ]);
  expect(instantWords([-100_050, -100_000, 0])).toEqual(['-100.05 µs', '-100 µs', '0']);
});
