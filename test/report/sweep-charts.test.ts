import { describe, expect, it } from 'vitest';
import { foldWords, roughWidth } from '../../src/report/svg.js';
import {
  type ChartScope,
  frontChart,
  lineChart,
  scatterChart,
} from '../../src/report/sweep-charts.js';
import { heatMap } from '../../src/report/sweep-heat-map.js';
import type { SweepDocument } from '../../src/result/sweep-document.js';
import { inventedSweep } from '../fixtures/results/invented-sweep.js';

/** Names by how wide they are, in tenths of a pixel. */
const NAMES = new Map<number, string>();
for (let wide = 0; wide < 20; wide++) {
  for (let middle = 0; middle < 6; middle++) {
    for (let narrow = 1; narrow < 12; narrow++) {
      const name = '\u4e00'.repeat(wide) + 'a'.repeat(middle) + 'i'.repeat(narrow);
      NAMES.set(Math.round(10 * roughWidth(name)), name);
    }
  }
}

/** The widest name of at most so many pixels, and the next one. */
function namesAround(width: number): [string, string] {
  const widths = [...NAMES.keys()].sort((a, b) => a - b);
  const place = widths.findLastIndex((each) => each <= Math.round(10 * width));
  const [whole, more] = widths.slice(place, place + 2);
  expect(more - whole).toBeLessThanOrEqual(5);
  return [NAMES.get(whole)!, NAMES.get(more)!];
}

/** A sweep over words, under one policy, whose points have these figures. */
function sweepOf(
  values: readonly (readonly string[])[],
  figures: (place: number) => readonly (number | null)[],
  paths: readonly string[] = ['a', 'b'],
): SweepDocument {
  const counts = values.map((words) => `1..${words.length}`);
  const params = counts.map((range, i) => `${'ab'[i]}=${range}`);
  const sweep = inventedSweep({ params, policies: ['vista'] });
  sweep.parameters.forEach((parameter, i) => {
    Object.assign(parameter, { path: paths[i], numbers: null, unit: null, values: values[i] });
  });
  sweep.points.forEach((point, place) => {
    point.report = '';
    point.figures = figures(place).map((value) => ({ value, low: null, high: null }));
  });
  return sweep;
}

const LINE: Omit<ChartScope, 'points'> = { figure: 0, parameter: 0, size: 'wide' };

/** The texts of a drawing of a class; of `t` those below the field alone. */
function textsOf(svg: string, name: string): string[] {
  const found = svg.matchAll(new RegExp(`<text class="${name}" ([^>]*)>([^<]*)</text>`, 'g'));
  return [...found].filter(([, at]) => at.includes('%')).map(([, , text]) => text);
}

const constant = (): readonly number[] => [1, 2];

describe('names below a chart of a sweep', () => {
  /** Four names in turn: a quarter of the width lies between them, and 10 pixels must stay. */
  const shownOf = (
    most: number,
    draw: (sweep: SweepDocument) => string,
    kinds: readonly string[],
  ): boolean[] => {
    const [first] = namesAround(most / 2);
    return namesAround(most - roughWidth(first)).map((name) => {
      const svg = draw(sweepOf([[first, name, first, name]], constant));
      const shown = kinds.flatMap((kind) => textsOf(svg, kind));
      return shown.filter((text) => text === first || text === name).length === 4;
    });
  };
  const line =
    (size: ChartScope['size']) =>
    (sweep: SweepDocument): string =>
      lineChart(sweep, { ...LINE, points: sweep.points, size });
  const dots = (sweep: SweepDocument): string =>
    scatterChart(sweep, { ...LINE, points: sweep.points, size: 'small' });

  it.each<[string, number, (sweep: SweepDocument) => string, readonly string[]]>([
    ['all stand where a wide one has room', 330, line('wide'), ['t', 't roomy']],
    ['all stand on a phone where there is room', 230, line('wide'), ['t']],
    ['all stand in a small one', 210, line('small'), ['t', 't roomy']],
    ['all stand below dots', 210, dots, ['t', 't roomy']],
  ])('%s', (_, width, draw, kinds) => {
    expect(shownOf(2 * (width / 4 - 10), draw, kinds)).toEqual([true, false]);
  });

  it('are cut to 100 px, and that of the parameter to what a phone has', () => {
    const isWhole = (size: ChartScope['size'], words: string, title: string): boolean => {
      const texts = textsOf(line(size)(sweepOf([[words]], constant, [title])), 't');
      return texts.includes(words) && texts.includes(title);
    };
    expect(namesAround(100).map((name) => isWhole('wide', name, 'a'))).toEqual([true, false]);
    expect(namesAround(230).map((name) => isWhole('wide', 'x', name))).toEqual([true, false]);
    expect(namesAround(210).map((name) => isWhole('small', 'x', name))).toEqual([true, false]);
  });
});

it('the names of figures beside the front are cut to what a phone has', () => {
  const isWhole = namesAround(260).map((name) => {
    const sweep = sweepOf([['x', 'y']], (place) => [1 + place, 2 - place]);
    sweep.figures[0].name = sweep.figures[1].name = name;
    return frontChart(sweep).split(`>${name}<`).length - 1;
  });
  expect(isWhole).toEqual([2, 0]);
});

describe('the sizes of charts of a sweep', () => {
  const sweep = sweepOf([['x', 'y']], (place) => [1 + place, 2 - place]);
  const { points } = sweep;
  it.each<[string, string, number, number]>([
    ['the front', frontChart(sweep), 300, 3],
    ['a wide line', lineChart(sweep, { ...LINE, points }), 260, 5],
    ['a small line', lineChart(sweep, { ...LINE, points, size: 'small' }), 180, 3],
    ['dots', scatterChart(sweep, { ...LINE, points, size: 'small' }), 180, 3],
  ])('%s', (_, svg, height, ticks) => {
    expect(svg).toContain(`<div class="plot left-80`);
    expect(svg).toContain(`height="${height + 42}" aria-label`);
    expect(svg.match(/<line class="g" x1="0%"[^>]*x2="100%"/g)).toHaveLength(ticks);
  });
});

describe('the numbers of points on the front', () => {
  /** Figures of a thousand each; two more points make both axes end there. */
  const numbersOf = (...places: readonly (readonly [number, number])[]): string[] => {
    const all = [...places, [0, 1000], [952.4, 0]];
    const words = all.map((_, i) => `${i}`);
    const svg = frontChart(sweepOf([words], (place) => all[place]));
    return places.map((_, i) => {
      const found = new RegExp(`dx="(\\S+)" dy="(\\S+)"[^>]*>#${i + 1}<`).exec(svg);
      return found === null ? '' : `${found[1]} ${found[2]}`;
    });
  };

  it('stand at the right, and where they meet no mark and no number', () => {
    expect(numbersOf([500, 500])).toEqual(['9 -7']);
    expect(numbersOf([500, 510], [520, 500])).toEqual(['9 -7', '9 16']);
    expect(numbersOf([500, 540], [520, 500])).toEqual(['9 -7', '9 16']);
    expect(numbersOf([500, 510], [510, 505], [520, 500])).toEqual(['-9 16', '', '9 -7']);
    expect(numbersOf([500, 510], [503, 508], [506, 506], [509, 504], [512, 502])).toEqual([
      '-9 16',
      '-9 -7',
      '9 -7',
      '9 16',
      '',
    ]);
  });
});

describe('a heat map', () => {
  /** Its figures are of 41.5 px, or of 37 px without their blank; all else is the name's row. */
  const textOf = (columns: number, row: string): string => {
    const words = Array.from({ length: columns }, (_, i) => `${i}`);
    const sweep = sweepOf([words, [row]], () => [1, 123_456]);
    const svg = heatMap(sweep, { figure: 1, points: sweep.points }, [0, 1]);
    const found = ['n', 'n roomy'].flatMap((name) => {
      const [text] = textsOf(svg, name);
      return text === undefined ? [] : [`${name}: ${text}`];
    });
    return found.join();
  };

  it.each([
    [5, 350 - 14 - 5 * (41.5 + 8), ['n: 123 µs', 'n: 123µs']],
    [6, 350 - 14 - 6 * (37 + 3), ['n: 123µs', 'n roomy: 123 µs']],
    [8, 470 - 14 - 8 * (41.5 + 8), ['n roomy: 123 µs', 'n roomy: 123µs']],
    [9, 470 - 14 - 9 * (37 + 3), ['n roomy: 123µs', '']],
  ])(
    'writes figures in %i columns as a row’s name of %f px leaves room',
    (columns, width, texts) => {
      expect(namesAround(width).map((name) => textOf(columns, name))).toEqual(texts);
    },
  );

  it('cuts the names of its rows and columns to 120 px', () => {
    const isWhole = namesAround(119.9).map((name) => {
      const sweep = sweepOf([[name], [name]], constant);
      const svg = heatMap(sweep, { figure: 0, points: sweep.points }, [0, 1]);
      expect(svg).toContain('class="plot left-140');
      return svg.split(`>${name}<`).length - 1;
    });
    expect(isWhole).toEqual([2, 0]);
  });

  it('is the stronger the higher a figure is', () => {
    const shades = (...values: readonly number[]): string[] => {
      const words = values.map((_, i) => `${i}`);
      const sweep = sweepOf([words, ['r']], (place) => [values[place], 0]);
      const svg = heatMap(sweep, { figure: 0, points: sweep.points }, [0, 1]);
      return [...svg.matchAll(/fill-opacity="([^"]*)"/g)].map(([, shade]) => shade);
    };
    expect(shades(1, 2, 8)).toEqual(['0.06', '0.19', '0.96']);
    expect(shades(1, 2, 8.1)).toEqual(['0.06', '0.36', '0.96']);
    expect(shades(0, 1, 100)).toEqual(['0.06', '0.07', '0.96']);
    expect(shades(3, 3)).toEqual(['0.06', '0.06']);
  });
});

describe('a note on a picture', () => {
  it.each([
    ['a b', 3, ['a b']],
    ['a b', 2, ['a', 'b']],
    ['ab cd', 4, ['ab', 'cd']],
    ['abc d', 2, ['ab', 'd']],
    ['a bcd', 2, ['a', 'bc']],
    ['a  b', 4, ['a  b']],
    ['', 5, ['']],
  ])('%j is folded to %i', (text, most, lines) => {
    expect(foldWords(text, most)).toEqual(lines);
  });
});
