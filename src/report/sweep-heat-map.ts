import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { escapeHtml } from './html.js';
import { across, roughWidth, shortened } from './svg.js';
import { categoryAxis, endsOf } from './svg-axis.js';
import { linked, px, svgPlot, type Frame } from './svg-plot.js';
import { WIDE_RANGE } from './sweep-charts.js';
import { targetOf, titleOf, valueText } from './sweep-words.js';

const ROW = 28;
/** The name of a row or column, in pixels. */
const LONGEST_NAME = 120;
/** A map on a phone and on paper, and one of two side by side, in pixels. */
const NARROW = 350;
const WIDE = 470;
/** Beside a figure in its cell, in pixels: with and without a blank before the unit. */
const MARGIN = { blank: 8, tight: 3 };

/** A figure over two parameters under one policy: the stronger, the higher. */
export function heatMap(
  sweep: SweepDocument,
  { figure, points }: { figure: number; points: readonly SweepPoint[] },
  [columnPlace, rowPlace]: readonly [number, number],
): string {
  const { name, unit } = sweep.figures[figure];
  const [columns, rows] = [columnPlace, rowPlace].map((place) => sweep.parameters[place]);
  const heads = rows.values.map((text) => shortened(text, LONGEST_NAME));
  const left = 14 + Math.max(...heads.map(roughWidth));
  const frame: Frame = {
    height: ROW * heads.length,
    hasGrid: false,
    left,
    widths: { narrow: NARROW - left, wide: WIDE - left },
  };
  const x = categoryAxis(columns.values, 0, 1);
  x.ticks = x.ticks.map(({ at, text }) => ({ at, text: shortened(text, LONGEST_NAME) }));
  const y = categoryAxis(heads, 0, frame.height);
  const all = sweep.points.flatMap(({ figures }) => figures[figure]?.value ?? []);
  const shade = shadeOf(all);
  const textOf = (value: number): string => valueText(value, unit);
  const way = waysToWrite(all.map(textOf), columns.values.length, frame);
  const width = across(1 / columns.values.length);
  const cells = points.flatMap((point) => {
    const value = point.figures[figure]?.value ?? null;
    if (value === null) return [];
    const column = point.choice[columnPlace];
    const middle = y.at(point.choice[rowPlace]);
    const rect =
      `<rect class="heat" x="${across(column / columns.values.length)}" ` +
      `y="${px(middle - ROW / 2)}" width="${width}" height="${ROW}" ` +
      `fill-opacity="${shade(value).toFixed(2)}"/>`;
    const text =
      way === null
        ? ''
        : `<text class="${way.name}" x="${across(x.at(column))}" y="${px(middle + 4)}" ` +
          `text-anchor="middle">${escapeHtml(way.of(textOf(value)))}</text>`;
    return [linked(targetOf(point), titleOf(sweep, point), rect + text)];
  });
  const label = `${name} over ${columns.path} and ${rows.path}`;
  return svgPlot(
    frame,
    { x, y, xTitle: columns.path, yTitle: rows.path, label },
    { paths: [], marks: cells },
  );
}

/** How figures stand in cells, if they do: the blank before the unit goes where it must. */
function waysToWrite(
  texts: readonly string[],
  columns: number,
  { widths }: Frame,
): { name: string; of: (text: string) => string } | null {
  const tight = (text: string): string => text.replace(' ', '');
  const widest = (of: (text: string) => string): number =>
    endsOf(texts.map((text) => roughWidth(of(text))))[1];
  for (const [name, width] of [
    ['n', widths.narrow],
    ['n roomy', widths.wide],
  ] as const) {
    const cell = width / columns;
    if (widest((text) => text) + MARGIN.blank <= cell) return { name, of: (text) => text };
    if (widest(tight) + MARGIN.tight <= cell) return { name, of: tight };
  }
  return null;
}

/** From 0.06 to 1, by the logarithm where values differ much. */
function shadeOf(values: readonly number[]): (value: number) => number {
  const [least, most] = endsOf(values);
  const isLog = least > 0 && most / least > WIDE_RANGE;
  const scale = (value: number): number => (isLog ? Math.log(value) : value);
  const width = scale(most) - scale(least);
  return (value) => 0.06 + (width === 0 ? 0 : (0.9 * (scale(value) - scale(least))) / width);
}
