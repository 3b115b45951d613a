import { describe, expect, it } from 'vitest';
import { frontOf, renderFront } from '../../src/report/front-chart.js';
import type { FrontDot } from '../../src/report/model.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

/** IPIs and wait in ns, both of 1,000: where a mark stands across and, from the foot, up. */
type Place = readonly [ipis: number, waitNs: number];

function dotAt([ipis, waitNs]: Place): FrontDot {
  return { ipis, waitNs, ipisInterval: null, waitInterval: null };
}

function drawn(places: readonly Place[], names?: readonly string[]): string {
  const dots = places.map(dotAt);
  return renderFront({ percentile: 'p99', dots }, names ?? dots.map((_, i) => `rule set ${i}`));
}

/** Where names stand: `dx dy`, to the left of the mark with `end`; "" for none. */
function namesOf(places: readonly Place[], names?: readonly string[]): string[] {
  const html = drawn(places, names);
  return places.map((_, i) => {
    const found = new RegExp(`<text class="l p p${i}"[^>]*? dx="(\\S+)" dy="(\\S+)"([^>]*)>`).exec(
      html,
    );
    return found === null ? '' : `${found[1]} ${found[2]}${found[3].includes('end') ? ' end' : ''}`;
  });
}

/** Where nothing else is drawn by name: it makes both axes end at 1,000. */
const FAR: Place = [1000, 1000];
const WIDE = '\u4e00';

/** A name of 40 px, and one of 56.5 px. */
const FORTY = `${WIDE}iiiiii`;
const FIFTY_SIX = `${WIDE.repeat(4)}i`;

describe('the name beside a mark', () => {
  it.each<[string, Place, string, string]>([
    ['stands at its right', [500, 500], FORTY, '11 -9'],
    ['may reach 24 px over the right edge', [900, 500], FORTY, '11 -9'],
    ['stands at its left where it would reach farther', [900.1, 500], FORTY, '-11 -9 end'],
    ['stands above the mark up to 4 px over the top', [500, 988.28125], FORTY, '11 -9'],
    ['stands below it where it would reach farther', [500, 988.3], FORTY, '11 17'],
    ['of a mark at the foot stands above it', [500, 50], FORTY, '11 -9'],
  ])('%s', (_, place, name, spot) => {
    expect(namesOf([place, FAR], [name, 'far'])[0]).toBe(spot);
  });

  it('stands on the side that has room, or farther off, and nowhere where there is none', () => {
    const at = (name: string, ...others: Place[]): string => {
      const names = ['', ...others.map(() => ''), ''];
      return namesOf([[250, 500], ...others, FAR], [name, ...names])[0];
    };
    // Marks of 14 px, 27 px to its right: one in the way of the upper name, one of the lower.
    const [upper, lower]: Place[] = [
      [350, 550],
      [350, 450],
    ];
    const [leftUpper, leftLower]: Place[] = [
      [150, 550],
      [150, 450],
    ];
    expect(at(FIFTY_SIX)).toBe('11 -9');
    expect(at(FIFTY_SIX, upper)).toBe('11 17');
    expect(at(FIFTY_SIX, lower)).toBe('11 -9');
    // It begins right at the left edge.
    expect(at(FIFTY_SIX, upper, lower)).toBe('-11 -9 end');
    expect(at(`${FIFTY_SIX}i`, upper, lower)).toBe('11 -26');
    expect(at(FIFTY_SIX, upper, lower, leftUpper)).toBe('-11 17 end');
    expect(at(FIFTY_SIX, upper, lower, leftUpper, leftLower)).toBe('11 -26');
  });

  it('ends below at the foot of the field', () => {
    // 21 px below its mark's middle, which stands 21 of 256 px above the foot.
    const at = (waitNs: number): string => {
      const places: Place[] = [[250, waitNs], [350, waitNs + 50], FAR];
      return namesOf(places, [FIFTY_SIX, '', ''])[0];
    };
    expect([82.1, 82.03125, 82].map(at)).toEqual(['11 17', '11 17', '-11 -9 end']);
  });

  it('may touch a mark and another name, and meets neither', () => {
    // The box of the upper name ends 5 px above its mark's middle, that of another mark 7 px
    // below its own; a 256th of 1,000 is a px up.
    const px = 1000 / 256;
    const at = (above: number): string =>
      namesOf([[250, 500], [300, 500 + above * px], FAR], [FORTY, '', ''])[0];
    expect([27, 28, 29].map(at)).toEqual(['11 17', '11 -9', '11 -9']);
    expect([3, 2, -2].map(at)).toEqual(['11 17', '11 17', '11 -9']);
    // That mark is in the way of the lower name as well.
    expect(at(-1)).toBe('-11 -9 end');
    const across = (ipis: number): string =>
      namesOf([[200, 500], [ipis, 500 + 13 * px], FAR], [FORTY, '', ''])[0];
    // It ends at 54 + 11 + 40 px, the mark begins 7 px before its middle.
    expect([414.8, 414.9].map((ipis) => across(ipis))).toEqual(['11 17', '11 -9']);
    // It ends at 54 + 11 + 36 px, where the mark begins.
    expect(namesOf([[200, 500], [400, 500 + 13 * px], FAR], ['i'.repeat(8), '', ''])[0]).toBe(
      '11 -9',
    );
  });
});

describe('the chart of what rule sets cost and give', () => {
  it('is logarithmic where one waits more than 20 times as long', () => {
    const ticks = (least: number): number =>
      drawn([
        [1, least],
        [2, 20_000],
      ]).split('x="-8"').length - 1;
    expect(ticks(1000)).toBe(5);
    expect(ticks(999)).toBe(6);
  });

  it.each<[string, Place[], number]>([
    [
      'joins those that nothing beats',
      [
        [100, 900],
        [500, 500],
        [900, 100],
      ],
      2,
    ],
    [
      'leaves out what is beaten at both',
      [
        [100, 900],
        [500, 950],
        [900, 100],
      ],
      1,
    ],
    [
      'leaves out what is beaten at one and equal in the other',
      [
        [100, 900],
        [500, 900],
        [900, 100],
      ],
      1,
    ],
    [
      'leaves out what waits longer for as many IPIs',
      [
        [100, 900],
        [100, 950],
        [900, 100],
      ],
      1,
    ],
    [
      'keeps both of two that are alike',
      [
        [100, 900],
        [100, 900],
        [900, 100],
      ],
      2,
    ],
  ])('%s', (_, places, lines) => {
    expect(drawn(places).split('class="front"').length - 1).toBe(lines);
  });

  it('draws intervals as lines, says them, and has room for them', () => {
    const interval = { low: 90, high: 400 };
    const dots = [
      { ipis: 100, waitNs: 100, ipisInterval: interval, waitInterval: { low: 50, high: 2000 } },
      { ipis: 200, waitNs: 1000, ipisInterval: null, waitInterval: null },
    ];
    const html = renderFront({ percentile: 'p90', dots }, ['<a>', 'b']);
    expect(html.match(/<line class="e[^>]*>/g)).toEqual([
      '<line class="e p p0" x1="22.5%" y1="257.2" x2="100%" y2="257.2"/>',
      '<line class="e p p0" x1="25%" y1="263.6" x2="25%" y2="14"/>',
    ]);
    expect(/data-tip="#0[^"]*"/.exec(html)![0].replaceAll('\u00a0', ' ')).toBe(
      'data-tip="#0 &lt;a&gt;\n100 IPIs per 1,000 (90 to 400)\n100 ns (50 ns to 2 µs)"',
    );
    expect(html).toContain('against p90 DPC latency, a mark for each rule set.');
  });

  it('takes the highest percentile that all have, and is none without any', () => {
    const frontAt = (edit: (results: ReturnType<typeof inventedResult>['results']) => void) => {
      const document = inventedResult({ samples: 40, processors: 1, policies: ['vista', 'nt52'] });
      for (const { latency } of document.results) {
        Object.assign(latency.dpcWait, { p50Ns: 1, p90Ns: 2, p99Ns: 3 });
      }
      edit(document.results);
      const front = frontOf(document);
      return front && [front.percentile, ...front.dots.map(({ waitNs }) => waitNs)];
    };
    expect(frontAt(() => {})).toEqual(['p99', 3, 3]);
    expect(frontAt(([a]) => void (a.latency.dpcWait.p99Ns = null))).toEqual(['p90', 2, 2]);
    const fewest = frontAt((results) => {
      for (const { latency } of results)
        Object.assign(latency.dpcWait, { p99Ns: null, p90Ns: null });
    });
    expect(fewest).toEqual(['p50', 1, 1]);
    expect(frontAt(([, b]) => void (b.latency.dpcWait.count = 0))).toBe(null);
    expect(frontAt(([, b]) => void (b.counters.arrivals = 0))).toBe(null);
    expect(frontAt((results) => void results.pop())).toBe(null);
  });
});
