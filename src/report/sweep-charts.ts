import type { SweepDocument, SweepParameter, SweepPoint } from '../result/sweep-document.js';
import { frontPoints, tradesOf } from '../stats/pareto.js';
import { across, markerId, roughWidth, shortened } from './svg.js';
import { categoryAxis, endsOf, numericAxis, type Axis } from './svg-axis.js';
import { linked, pathOf, px, svgPlot, type Frame } from './svg-plot.js';
import { figureLabel, targetOf, titleOf } from './sweep-words.js';

/** One that has the page's width, one of two side by side, and one of many. */
const FRONT: Frame = { hasGrid: true, height: 300, left: 80, widths: { narrow: 260, wide: 440 } };
const WIDE: Frame = { hasGrid: true, height: 260, left: 80, widths: { narrow: 230, wide: 330 } };
const SMALL: Frame = { hasGrid: true, height: 180, left: 80, widths: { narrow: 210, wide: 210 } };
const TICKS = { wide: 6, small: 4 };
/** Differences of more than this are shown by a logarithmic axis. */
export const WIDE_RANGE = 8;
/** Grey dots of which one cannot tell more apart. */
const MOST_BEHIND = 4_000;
/** A name under an axis of words, in pixels. */
const LONGEST_NAME = 100;
/** The front is numbered up to so many points. */
const MOST_NUMBERED = 24;

export function colour(sweep: SweepDocument, policy: string): string {
  return `p${sweep.policies.indexOf(policy) % 8}`;
}

/** The mark of a policy, by its shape and its colour; `x` as a share of the width. */
export function policyMark(
  sweep: SweepDocument,
  policy: string,
  [x, y]: readonly [number, number],
  { size = 's', isBehind = false }: { size?: 'm' | 's'; isBehind?: boolean } = {},
): string {
  const id = markerId(sweep.policies.indexOf(policy), size);
  const kind = isBehind ? 'behind' : colour(sweep, policy);
  return `<use href="#${id}" class="d ${kind}" x="${across(x)}" y="${px(y)}"/>`;
}

/** One figure against the other: what nothing beats in its colour, everything else in grey. */
export function frontChart(sweep: SweepDocument): string {
  const { figures, front, points } = sweep;
  const [a, b] = front.map((place) => figures[place]);
  const trades = tradesOf(sweep);
  const known = trades.filter((trade) => trade !== null);
  if (known.length === 0) return '';
  const [xs, ys] = [0, 1].map((axis) => known.map((trade) => trade[axis]));
  const x = figureAxis(xs, a.unit, { from: 0, to: 1, ticks: TICKS.wide });
  const y = figureAxis(ys, b.unit, { from: FRONT.height, to: 0, ticks: TICKS.wide });
  const places = frontPoints(sweep);
  const isFront = new Set(places);
  const behind = trades.map((_, i) => i).filter((i) => !isFront.has(i));
  const every = Math.ceil(behind.length / MOST_BEHIND);
  // What nothing beats is drawn on top.
  const order = [...behind.filter((_, i) => i % every === 0), ...places];
  const at = (i: number): [number, number] => [x.at(trades[i]![0]), y.at(trades[i]![1])];
  const dots = order.flatMap((i) => {
    if (trades[i] === null) return [];
    const isBehind = !isFront.has(i);
    const size = isBehind ? 's' : 'm';
    const mark = policyMark(sweep, points[i].policy, at(i), { size, isBehind });
    return [linked(targetOf(points[i]), titleOf(sweep, points[i]), mark)];
  });
  const line = pathOf(places.map(at));
  return svgPlot(
    FRONT,
    {
      x,
      y,
      xTitle: figureLabel(a.name),
      yTitle: figureLabel(b.name),
      label: `${b.name} against ${a.name}, a mark a point, its shape by policy`,
    },
    {
      paths: [`<path class="front" d="${line}"/>`],
      marks: [...dots, ...numbers(places.map((i) => ({ number: points[i].number, at: at(i) })))],
    },
  );
}

/** The numbers of points beside their marks, wherever one meets no other. */
function numbers(points: readonly { number: number; at: readonly [number, number] }[]): string[] {
  if (points.length > MOST_NUMBERED) return [];
  const taken = points.map(({ at: [x, y] }) => ({ x: x * FRONT.widths.narrow, y, width: 14 }));
  return points.flatMap(({ number, at: [x, y] }) => {
    const text = `#${number}`;
    const width = roughWidth(text);
    const spots = [
      { dx: 9, dy: -7, anchor: 'start', left: 9 },
      { dx: 9, dy: 16, anchor: 'start', left: 9 },
      { dx: -9, dy: 16, anchor: 'end', left: -9 - width },
      { dx: -9, dy: -7, anchor: 'end', left: -9 - width },
    ];
    const spot = spots.find(({ dy, left }) => {
      const place = { x: x * FRONT.widths.narrow + left + width / 2, y: y + dy - 4, width };
      const isFree = taken.every(
        (other) =>
          Math.abs(other.y - place.y) > 13 ||
          Math.abs(other.x - place.x) > (other.width + place.width) / 2,
      );
      if (isFree) taken.push(place);
      return isFree && place.y < FRONT.height - 6;
    });
    if (spot === undefined) return [];
    const anchor = spot.anchor === 'end' ? ' text-anchor="end"' : '';
    return [
      `<text class="t number" x="${across(x)}" y="${px(y)}" dx="${spot.dx}" dy="${spot.dy}"` +
        `${anchor} aria-hidden="true">${text}</text>`,
    ];
  });
}

export function figureAxis(
  values: readonly number[],
  unit: 'ns' | 'count',
  span: { from: number; to: number; ticks: number },
): Axis {
  const positive = values.filter((value) => value > 0);
  const [least, most] = endsOf(positive);
  // Without a positive value there is no ratio, and nothing is wide.
  const isWide = most / least > WIDE_RANGE;
  const isLog = isWide && positive.length === values.length;
  return numericAxis(values, { unit, isLog, ...span });
}

function parameterAxis(
  { isLog, numbers, unit, values }: SweepParameter,
  ticks: number,
): { axis: Axis; of: number[] } {
  if (numbers !== null && unit !== null) {
    return { axis: numericAxis(numbers, { unit, isLog, from: 0, to: 1, ticks }), of: numbers };
  }
  const axis = categoryAxis(values, 0, 1);
  axis.ticks = axis.ticks.map(({ at, text }) => ({ at, text: shortened(text, LONGEST_NAME) }));
  return { axis, of: values.map((_, i) => i) };
}

/** Which points a chart is of, and which parameter runs along it. */
export interface ChartScope {
  figure: number;
  parameter: number;
  points: readonly SweepPoint[];
  size: 'wide' | 'small';
}

/** A figure over one parameter: a line for each policy, its intervals as a band. */
export function lineChart(sweep: SweepDocument, scope: ChartScope): string {
  const { figure, parameter, points, size } = scope;
  const frame = size === 'wide' ? WIDE : SMALL;
  const { name, unit } = sweep.figures[figure];
  const known = points.filter((point) => (point.figures[figure]?.value ?? null) !== null);
  if (known.length === 0) return '<p class="none">No point has this figure.</p>';
  const { axis: x, of } = parameterAxis(sweep.parameters[parameter], TICKS[size]);
  // Charts of one figure have one axis: they stand beside each other to be compared.
  const span = { from: frame.height, to: 0, ticks: TICKS[size] };
  const y = figureAxis(boundsOf(sweep, figure), unit, span);
  const lines = sweep.policies.flatMap((policy) => {
    const own = known
      .filter((point) => point.policy === policy)
      .sort((a, b) => of[a.choice[parameter]] - of[b.choice[parameter]]);
    return own.length === 0 ? [] : [policyLine(sweep, own, scope, { x, y, of })];
  });
  // What stands first is drawn on top.
  lines.reverse();
  const { path } = sweep.parameters[parameter];
  const label = `${name} over ${path}, a line a policy`;
  return svgPlot(
    frame,
    { x, y, xTitle: path, yTitle: '', label },
    { paths: lines.flatMap(({ paths }) => paths), marks: lines.flatMap(({ marks }) => marks) },
  );
}

/** Every value of a figure, and the ends of its intervals. */
function boundsOf({ points }: SweepDocument, figure: number): number[] {
  return points.flatMap(({ figures }) => {
    const { value = null, low = null, high = null } = figures[figure] ?? {};
    return value === null ? [] : [value, low ?? value, high ?? value];
  });
}

function policyLine(
  sweep: SweepDocument,
  points: readonly SweepPoint[],
  { figure, parameter }: ChartScope,
  { x, y, of }: { x: Axis; y: Axis; of: readonly number[] },
): { paths: string[]; marks: string[] } {
  const { policy } = points[0];
  const kind = colour(sweep, policy);
  const at = (point: SweepPoint): number => x.at(of[point.choice[parameter]]);
  const ends = (end: 'low' | 'high'): [number, number][] =>
    points.map((point) => {
      const estimate = point.figures[figure];
      return [at(point), y.at(estimate[end] ?? estimate.value!)];
    });
  const band = pathOf([...ends('high'), ...ends('low').reverse()]);
  const places = points.map((point): [number, number] => [
    at(point),
    y.at(point.figures[figure].value!),
  ]);
  return {
    paths: [
      `<path class="band ${kind}" d="${band}Z"/>`,
      `<path class="l ${kind}" d="${pathOf(places)}"/>`,
    ],
    marks: points.map((point, i) =>
      linked(targetOf(point), titleOf(sweep, point), policyMark(sweep, policy, places[i])),
    ),
  };
}

/** A figure as dots, for points that are no grid. */
export function scatterChart(sweep: SweepDocument, scope: ChartScope): string {
  const { figure, parameter, points } = scope;
  const { name, unit } = sweep.figures[figure];
  const known = points.filter((point) => (point.figures[figure]?.value ?? null) !== null);
  if (known.length === 0) return '<p class="none">No point has this figure.</p>';
  const { axis: x, of } = parameterAxis(sweep.parameters[parameter], TICKS.small);
  const values = known.map((point) => point.figures[figure].value!);
  const y = figureAxis(values, unit, { from: SMALL.height, to: 0, ticks: TICKS.small });
  const marks = known.map((point, i) => {
    const place: [number, number] = [x.at(of[point.choice[parameter]]), y.at(values[i])];
    const mark = policyMark(sweep, point.policy, place);
    return linked(targetOf(point), titleOf(sweep, point), mark);
  });
  const { path } = sweep.parameters[parameter];
  const label = `${name} over ${path}, a mark a point`;
  return svgPlot(SMALL, { x, y, xTitle: path, yTitle: '', label }, { paths: [], marks });
}
