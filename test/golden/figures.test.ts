import { describe, it } from 'vitest';
import {
  changeCell,
  percentText,
  shortCount,
  shortNs,
  shortRate,
  spreadCell,
} from '../../src/export/cells.js';
import {
  changeOf,
  latencyChange,
  ratioText,
  signedPercent,
} from '../../src/report/change-words.js';
import { formatPercentile, formatShare, threeDigits } from '../../src/report/format.js';
import { linearScale, logScale, type Scale } from '../../src/report/scale.js';
import { roughWidth, shortened } from '../../src/report/svg.js';
import {
  type Axis,
  type AxisUnit,
  categoryAxis,
  numericAxis,
  tickText,
} from '../../src/report/svg-axis.js';
import { type Frame, svgPlot } from '../../src/report/svg-plot.js';
import { figureAxis, WIDE_RANGE } from '../../src/report/sweep-charts.js';
import type { FigureComparison, Interval } from '../../src/result/document.js';
import { formatFigure, formatNs, plainText, quote } from '../../src/units.js';
import { expectGolden } from './golden-file.js';

/** The numbers beside an edge, as close as numbers are, and the edge. */
function around(edge: number): number[] {
  return [neighbour(edge, -1n), edge, neighbour(edge, 1n)];
}

function neighbour(value: number, step: bigint): number {
  const bits = new BigUint64Array(1);
  const number = new Float64Array(bits.buffer);
  number[0] = value;
  bits[0] += step;
  return number[0];
}

/** A line for each call: what it is given, and what comes of it. */
function told<T>(
  name: string,
  write: (value: T) => unknown,
  values: readonly NoInfer<T>[],
): string[] {
  const textOf = (value: unknown): string =>
    typeof value === 'string' ? value : JSON.stringify(value);
  return values.map((value) => `${name}(${textOf(value)}): ${textOf(write(value))}`);
}

const NUMBERS = [0, 1e-5, 0.5, 7, 42.42, 123_456, 7.89e8, 9.9e11, 1.5e15];

function comparison(
  ratio: number | null,
  [low, high]: readonly [number, number],
  rest: Partial<FigureComparison> = {},
): FigureComparison {
  const ratioInterval: Interval = { low, high };
  const sides = { first: 10, other: 10 * (ratio ?? 1) };
  return { ratio, ratioInterval, verdict: 'differs', ...sides, ...rest } as FigureComparison;
}

describe('at the edges of what they tell apart, as before, are', () => {
  it('figures in a terminal', () => {
    const cell =
      (isLatency: boolean) =>
      (times: number): string =>
        changeCell(times, 1, { isLatency });
    const ratios = [0.9, 0.999, 1.001, 1.1, 1e5, 0, ...[0.5, 0.9995, 1.0005, 2].flatMap(around)];
    const lines = [
      ...told('a change', cell(false), ratios),
      ...told('a change of a latency', cell(true), ratios),
      ...told('from nothing', (to: number) => changeCell(to, 0, { isLatency: true }), [0, 1]),
      ...told('a spread', spreadCell, [1, 99.96, ...around(999.5), ...around(9999.5)]),
      ...told('a share', percentText, [0, 1 / 2000, 0.07, 0.0994, 0.0996, 9.994, 9.996]),
      ...told('a rate', shortRate, [0, 99.9, 12_345, ...[0.01, 1, 99.95].flatMap(around)]),
      ...told('ns', shortNs, [...NUMBERS, ...around(999.5e9)]),
      ...told('a count', shortCount, [0, 9_999, 10_000, 999_499, 999_500, 2e9, 9.99e14, 1e15]),
      ...told('a latency', (ns: number) => formatFigure(ns, 'ns'), [...NUMBERS, ...around(0.01)]),
      ...told('a mean', (value: number) => formatFigure(value, 'count'), [
        ...NUMBERS,
        ...[0.001234, 0.01, 999.5, 1000].flatMap(around),
      ]),
      ...told('quoted', (length: number) => quote('x'.repeat(length), 5), [4, 5, 6]),
      ...told('plain', (length: number) => plainText('\x1b'.repeat(length), 2), [0, 2, 3]),
    ];
    expectGolden('pages/figures-terminal.txt', lines.join('\n') + '\n');
  });

  it('figures and changes in a report', () => {
    const differing = [
      ...[2, 0.5].flatMap(around).map((ratio) => comparison(ratio, [0.9 * ratio, 1.1 * ratio])),
      comparison(0.1, [0, 0.2]),
      comparison(0.1, [0.05, 0.2]),
      comparison(0, [0, 0]),
      comparison(1.18, [1.17, 1.19]),
      comparison(0.9, [0.8, 1.2]),
      comparison(1.3, [1.3, 1.3]),
      comparison(1.0001, [0.99999, 1.00001]),
      comparison(1.5, [1, 2], { ratioInterval: null }),
      comparison(null, [0, 0], { first: 0, other: 1 }),
      comparison(null, [0, 0], { first: 0, other: 0 }),
      comparison(1, [1, 1], { verdict: 'same' }),
      comparison(1.1, [0.5, 1.5], { verdict: 'indistinguishable' }),
      comparison(1.1, [0, 0], { verdict: 'indistinguishable', ratioInterval: null }),
    ];
    const latencies: [number | null, number | null][] = [
      [null, 1],
      [1, null],
      [0, 0],
      [0, 5],
      [100, 100.1],
      [100, 118],
      [100, 0],
    ];
    const lines = [
      ...told('digits', threeDigits, [
        ...NUMBERS,
        -42.42,
        ...[0.9995, 9.995, 99.95].flatMap(around),
      ]),
      ...told('a share', formatShare, [0, 1, 0.1234, ...around(0.0005)]),
      ...told('a percentile', formatPercentile, [1, 2, 10, 1e3, 1e4, 12.5]),
      ...told('a ratio', ratioText, [0, 1, ...[0.5, 2, 9.95, 1000].flatMap(around), 123_456]),
      ...told('a ratio of counts', (ratio: number) => ratioText(ratio, 'as many'), [0.1, 1.5, 3]),
      ...told('a change', signedPercent, [-1, 0, 0.001, -0.001, 0.00099, 0.0994, 0.0996, -0.5]),
      ...told('a comparison', changeOf, [null, ...differing]),
      ...told('two latencies', ([a, b]: [number | null, number | null]) => latencyChange(a, b), [
        ...latencies,
      ]),
    ];
    expectGolden('pages/figures-report.txt', lines.join('\n') + '\n');
  });

  it('axes and scales', () => {
    const places = ({ at, ticks }: Axis | Scale, values: readonly number[]): string => {
      const marks = ticks.map((tick) =>
        typeof tick === 'number' ? tick : `${tick.text}@${Number(tick.at.toFixed(2))}`,
      );
      return `${marks.join(' ')} | ${values.map((each) => Number(at(each).toFixed(4))).join(' ')}`;
    };
    const RANGES = [
      [0],
      [5],
      [0, 0.3],
      [-7, 20],
      [-9, -2],
      [1, 8],
      [1, 20],
      [3, 70],
      [0, 1, 1000],
      [100, 101],
      [1e3, 1_000_010],
      [1, 1e9],
      [0.001, 1e12],
      [2, 1.9e4],
      [199, 201, 203],
      [1e9, 1e9 + 2],
      [0.01, 1],
      [5.2, 5.4],
      [1, 1],
      [0.5, 0.5],
      [1e-3, 5e-3],
      [-1, 0],
      [0, 0],
      [99_999, 100_001],
      [1, 158.4],
      [9.9e9, 1.01e10],
    ];
    const axis =
      (unit: AxisUnit, isLog: boolean, ticks: number) =>
      (values: readonly number[]): string =>
        places(numericAxis(values, { unit, isLog, from: 300, to: 0, ticks }), values);
    const edge = [1, WIDE_RANGE];
    const figure = (values: readonly number[]): string =>
      places(figureAxis(values, 'ns', { from: 0, to: 1, ticks: 4 }), values);
    const lines = [
      ...told('ns', axis('ns', false, 4), RANGES),
      ...told('count', axis('count', false, 6), RANGES),
      ...told('log ns', axis('ns', true, 4), RANGES),
      ...told('log count', axis('count', true, 6), RANGES),
      ...told('log rate', axis('perSecond', true, 2), RANGES),
      ...told('a figure', figure, [edge, [1, 8.001], [0, 1, 100], [0, 0], [-1, 5], [1, 99]]),
      ...told('words', (words: string[]) => places(categoryAxis(words, 10, 40), [0, 1]), [
        ['a'],
        ['a', 'b', 'c'],
      ]),
      ...told('a tick', (value: number) => tickText(value, 'perSecond'), [0, 1, 99_999, 1e5, -2e6]),
      ...told('a linear scale', (values: number[]) => places(linearScale(values), values), RANGES),
      ...told('a log scale', (values: number[]) => places(logScale(values), values), [
        ...RANGES,
        [10, 100],
        [20, 50],
        [50, 5000],
        [1, 158],
        [4, 4],
        [5, 5.5],
        [99, 1001],
      ]),
      ...told('ns in words', formatNs, [0, 999, 1000, 999_499, 999_500, 59.99e9]),
    ];
    expectGolden('pages/axes.txt', lines.join('\n') + '\n');
  });

  it('names that have as much room as they need, and a little less', () => {
    const names = ['', 'a', 'iljt', 'W W', 'ᄀ ᄀᄀ', '\u10ff\u1100', 'name-of-a-driver.sys'];
    const frame: Frame = {
      height: 50,
      hasGrid: true,
      left: 60,
      widths: { narrow: 100, wide: 200 },
    };
    const plot = (width: number, left: number): string => {
      const x = categoryAxis(['one', 'three', 'four', 'five'], 0, 1);
      const labels = { x, y: categoryAxis(['y'], 0, 50), xTitle: 'x', yTitle: 'y', label: '<' };
      const sized = { ...frame, left, widths: { narrow: 60, wide: width } };
      return svgPlot(sized, labels, { paths: [], marks: [] });
    };
    const lines = [
      ...told('width', roughWidth, names),
      ...told('width of', (letters: number) => roughWidth('x'.repeat(letters)), [399, 400, 401]),
      ...told(
        'letters of',
        (letters: number) => shortened('x'.repeat(letters), 2960).length,
        [399, 400, 401],
      ),
      ...told(
        'letters of many',
        (width: number) => shortened('x'.repeat(500), width).length,
        [2951, 2960, 9999],
      ),
      ...names.flatMap((name) =>
        told(`${name} in`, (width: number) => shortened(name, width), [
          roughWidth(name),
          roughWidth(name) - 1,
          5,
        ]),
      ),
      // The distance of names is a quarter of the width, and 10 pixels are left between them.
      ...told('in a plot', (width: number) => plot(width, 60), [
        4 * (10 + (roughWidth('one') + roughWidth('three')) / 2),
        4 * (10 + (roughWidth('three') + roughWidth('four')) / 2),
        4 * (9 + (roughWidth('three') + roughWidth('four')) / 2),
        90,
        20,
      ]),
      ...told('with room', (left: number) => plot(200, left), [40, 41, 140, 141]),
    ];
    expectGolden('pages/names.txt', lines.join('\n') + '\n');
  });
});
