import { describe, expect, it } from 'vitest';
import { drawTimeline } from '../../src/report/draw-timeline.js';
import type { Arrow, Span } from '../../src/timeline/spans.js';
import type { Timeline } from '../../src/timeline/timeline.js';

/** Beside the lanes: their names at the left, and a margin at the right. */
const BESIDE_PX = 124 + 14;
const LONG = 'abcdefghijklmnopqrstuvwxyz';

function spanOf(startNs: number, endNs: number, label = ''): Span {
  const rest = { processor: 0, irql: 5, level: 1, index: 0, origin: null, isOpen: false };
  return { ...rest, kind: 'isr', startNs, endNs, label };
}

function waitOf(fromNs: number, toNs: number): Arrow {
  const rest = { label: 'a', index: 0, from: 0, to: 0, request: 'none' } as const;
  return { ...rest, kind: 'dpc', fromNs, toNs };
}

/** On lanes 1,000 pixels wide, a processor from 0 to so many ns. */
function drawn(untilNs: number, { spans = [], arrows = [] }: Partial<Timeline>): string {
  const timeline: Timeline = {
    window: { fromNs: 0, toNs: untilNs },
    processors: 1,
    start: { processors: [], ipis: [], nowNs: 0 },
    spans,
    arrows,
    events: [],
  };
  const options = { title: 'x', notes: [], zeroNs: 0, widthPx: 1000 + BESIDE_PX, lanes: [0] };
  return drawTimeline(timeline, options);
}

describe('the name in a span of a timeline', () => {
  /** What is said in a span that is so many pixels wide. */
  const said = (width: number, label: string): string => {
    const svg = drawn(1000, { spans: [spanOf(100, 100 + width, label)] });
    return /<text x="[^"]*" y="[^"]*" class="tl-on[^"]*">([^<]*)<\/text><\/g>/.exec(svg)?.[1] ?? '';
  };

  it('stands in it where there is room for it, or for fourteen of its letters', () => {
    expect([30, 31, 500].map((width) => said(width, 'abc'))).toEqual(['', 'abc', 'abc']);
    expect([18, 19].map((width) => said(width, 'a'))).toEqual(['', 'a']);
    expect([90, 91].map((width) => said(width, LONG.slice(0, 13)))).toEqual([
      '',
      LONG.slice(0, 13),
    ]);
    expect([96, 97].map((width) => said(width, LONG.slice(0, 14)))).toEqual([
      '',
      LONG.slice(0, 14),
    ]);
    const letters = [96, 97, 101, 102, 107, 108].map((width) => said(width, LONG).length);
    expect(letters).toEqual([0, 15, 15, 16, 16, 17]);
    expect(said(200, '')).toBe('');
  });
});

describe('what is too narrow to be told apart', () => {
  /** In a picture of a tenth of a pixel to a ns, half a pixel to a grain. */
  const rects = (...spans: readonly (readonly [number, number])[]): number =>
    drawn(10_000, { spans: spans.map(([from, to]) => spanOf(from, to)) }).split(
      /<\/title><rect [^>]*class="tl-isr"/,
    ).length - 1;

  it('is drawn once to half a pixel', () => {
    expect(rects([0, 1], [2, 3], [4, 5])).toBe(1);
    expect(rects([0, 1], [4, 5], [5, 6], [9, 10], [10, 11])).toBe(3);
  });

  it('is not what is two pixels wide', () => {
    expect(rects([0, 20], [0, 20])).toBe(2);
    expect(rects([0, 19], [0, 19])).toBe(1);
  });

  it('holds for waits as well', () => {
    const waits = (...arrows: Arrow[]): number =>
      drawn(10_000, { arrows }).split(/<\/title><rect [^>]*class="tl-wait"/).length - 1;
    expect(waits(waitOf(0, 20), waitOf(0, 20))).toBe(2);
    expect(waits(waitOf(0, 19), waitOf(1, 19))).toBe(1);
    expect(waits(waitOf(0, 19), waitOf(5, 19))).toBe(2);
  });
});
