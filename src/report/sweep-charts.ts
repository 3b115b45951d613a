import type { SweepDocument, SweepParameter, SweepPoint } from '../result/sweep-document.js';
import { frontPoints, tradesOf } from '../stats/pareto.js';
import { escapeHtml } from './html.js';
import { categoryAxis, endsOf, numericAxis, type Axis } from './svg-axis.js';
import { linked, pathOf, px, svgPlot, type Frame } from './svg-plot.js';
import { figureLabel, targetOf, titleOf, valueText } from './sweep-words.js';

const WIDE: Frame = { width: 720, height: 380, left: 68, right: 24, top: 24, bottom: 40 };
const SMALL: Frame = { width: 360, height: 240, left: 60, right: 16, top: 24, bottom: 36 };
/** Differences of more than this are shown by a logarithmic axis. */
const WIDE_RANGE = 8;
/** Grey dots of which one cannot tell more apart. */
const MOST_BEHIND = 4_000;
/** Labels of an axis of words that fit side by side. */
const MOST_LABELS = 12;

export function colour(sweep: SweepDocument, policy: string): string {
  return `p${sweep.policies.indexOf(policy) % 8}`;
}

/** One figure against the other: what nothing beats in its colour, everything else in grey. */
export function frontChart(sweep: SweepDocument): string {
  const { figures, front, points } = sweep;
  const [a, b] = front.map((place) => figures[place]);
  const trades = tradesOf(sweep);
  const known = trades.filter((trade) => trade !== null);
  if (known.length === 0) return '';
  const [xs, ys] = [0, 1].map((axis) => known.map((trade) => trade[axis]));
  const x = figureAxis(xs, a.unit, WIDE.left, WIDE.width - WIDE.right, 6);
  const y = figureAxis(ys, b.unit, WIDE.height - WIDE.bottom, WIDE.top, 6);
  const places = frontPoints(sweep);
  const isFront = new Set(places);
  const behind = trades.map((_, i) => i).filter((i) => !isFront.has(i));
  const every = Math.ceil(behind.length / MOST_BEHIND);
  // What nothing beats is drawn on top.
  const order = [...behind.filter((_, i) => i % every === 0), ...places];
  const dots = order.flatMap((i) => {
    const trade = trades[i];
    if (trade === null) return [];
    const kind = isFront.has(i) ? `d ${colour(sweep, points[i].policy)}` : 'd behind';
    const mark =
      `<circle class="${kind}" cx="${px(x.at(trade[0]))}" cy="${px(y.at(trade[1]))}" ` +
      `r="${isFront.has(i) ? 6 : 3.5}"/>`;
    return [linked(targetOf(points[i]), titleOf(sweep, points[i]), mark)];
  });
  const line = pathOf(places.map((i) => [x.at(trades[i]![0]), y.at(trades[i]![1])]));
  return svgPlot(
    WIDE,
    {
      x,
      y,
      xTitle: figureLabel(a.name),
      yTitle: figureLabel(b.name),
      label: `${b.name} against ${a.name}, a dot a point`,
    },
    [`<path class="front" d="${line}"/>`, ...dots],
  );
}

function figureAxis(
  values: readonly number[],
  unit: 'ns' | 'count',
  from: number,
  to: number,
  ticks: number,
): Axis {
  const positive = values.filter((value) => value > 0);
  const [least, most] = endsOf(positive);
  const isWide = positive.length > 0 && most / least > WIDE_RANGE;
  return numericAxis(values, {
    unit,
    isLog: isWide && positive.length === values.length,
    from,
    to,
    ticks,
  });
}

function parameterAxis(parameter: SweepParameter, frame: Frame): { axis: Axis; of: number[] } {
  const { numbers, unit, isLog, values } = parameter;
  const [from, to] = [frame.left, frame.width - frame.right];
  if (numbers !== null && unit !== null) {
    const ticks = frame === WIDE ? 8 : 4;
    return { axis: numericAxis(numbers, { unit, isLog, from, to, ticks }), of: numbers };
  }
  const axis = categoryAxis(values, from, to);
  const every = Math.ceil(values.length / (frame === WIDE ? MOST_LABELS : 4));
  axis.ticks = axis.ticks
    .filter((_, i) => i % every === 0)
    .map(({ at, text }) => ({ at, text: cut(text, 12) }));
  return { axis, of: values.map((_, i) => i) };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
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
  const { figure, parameter, points } = scope;
  const frame = scope.size === 'wide' ? WIDE : SMALL;
  const { name, unit } = sweep.figures[figure];
  const known = points.filter((point) => (point.figures[figure]?.value ?? null) !== null);
  if (known.length === 0) return '<p class="none">No point has this figure.</p>';
  const { axis: x, of } = parameterAxis(sweep.parameters[parameter], frame);
  const foot = frame.height - frame.bottom;
  // Charts of one figure have one axis: they stand beside each other to be compared.
  const y = figureAxis(boundsOf(sweep, figure), unit, foot, frame.top, frame === WIDE ? 6 : 4);
  const marks = sweep.policies.flatMap((policy) => {
    const own = known
      .filter((point) => point.policy === policy)
      .sort((a, b) => of[a.choice[parameter]] - of[b.choice[parameter]]);
    return own.length === 0 ? [] : policyLine(sweep, own, scope, { x, y, of });
  });
  const label = `${name} over ${sweep.parameters[parameter].path}, a line a policy`;
  const xTitle = cut(sweep.parameters[parameter].path, frame === WIDE ? 80 : 44);
  return svgPlot(frame, { x, y, xTitle, yTitle: figureLabel(name), label }, marks);
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
): string[] {
  const kind = colour(sweep, points[0].policy);
  const at = (point: SweepPoint): number => x.at(of[point.choice[parameter]]);
  const ends = (end: 'low' | 'high'): [number, number][] =>
    points.map((point) => {
      const estimate = point.figures[figure];
      return [at(point), y.at(estimate[end] ?? estimate.value!)];
    });
  const band = pathOf([...ends('high'), ...ends('low').reverse()]);
  const line = pathOf(points.map((point) => [at(point), y.at(point.figures[figure].value!)]));
  const dots = points.map((point) => {
    const place = `cx="${px(at(point))}" cy="${px(y.at(point.figures[figure].value!))}"`;
    return linked(
      targetOf(point),
      titleOf(sweep, point),
      `<circle class="d ${kind}" ${place} r="3.5"/>`,
    );
  });
  return [
    `<path class="band ${kind}" d="${band}Z"/>`,
    `<path class="l ${kind}" d="${line}"/>`,
    ...dots,
  ];
}

/** A figure as dots, for points that are no grid. */
export function scatterChart(sweep: SweepDocument, scope: ChartScope): string {
  const { figure, parameter, points } = scope;
  const { name, unit } = sweep.figures[figure];
  const known = points.filter((point) => (point.figures[figure]?.value ?? null) !== null);
  if (known.length === 0) return '<p class="none">No point has this figure.</p>';
  const { axis: x, of } = parameterAxis(sweep.parameters[parameter], SMALL);
  const values = known.map((point) => point.figures[figure].value!);
  const y = figureAxis(values, unit, SMALL.height - SMALL.bottom, SMALL.top, 4);
  const dots = known.map((point, i) => {
    const place = `cx="${px(x.at(of[point.choice[parameter]]))}" cy="${px(y.at(values[i]))}"`;
    const mark = `<circle class="d ${colour(sweep, point.policy)}" ${place} r="3"/>`;
    return linked(targetOf(point), titleOf(sweep, point), mark);
  });
  const { path } = sweep.parameters[parameter];
  const label = `${name} over ${path}, a dot a point`;
  return svgPlot(SMALL, { x, y, xTitle: cut(path, 44), yTitle: figureLabel(name), label }, dots);
}

const LONGEST_HEAD = 22;
/** The width of a letter in a cell, on average. */
const LETTER = 6.8;

/** A figure over two parameters under one policy: the darker, the higher. */
export function heatMap(
  sweep: SweepDocument,
  { figure, points }: { figure: number; points: readonly SweepPoint[] },
  [across, down]: readonly [number, number],
): string {
  const { unit } = sweep.figures[figure];
  const [columns, rows] = [across, down].map((place) => sweep.parameters[place].values);
  const all = sweep.points.flatMap(({ figures }) => figures[figure]?.value ?? []);
  const shade = shadeOf(all);
  const left = 10 + 7 * Math.min(LONGEST_HEAD, Math.max(...rows.map(({ length }) => length)));
  const frame: Frame = {
    width: 520,
    height: 64 + 28 * rows.length,
    left,
    right: 8,
    top: 24,
    bottom: 40,
  };
  const x = categoryAxis(columns, left, frame.width - frame.right);
  const y = categoryAxis(rows, frame.top, frame.height - frame.bottom);
  const every = Math.ceil(columns.length / MOST_LABELS);
  x.ticks = x.ticks
    .filter((_, i) => i % every === 0)
    .map(({ at, text }) => ({ at, text: cut(text, 8) }));
  y.ticks = y.ticks.map(({ at, text }) => ({ at, text: cut(text, LONGEST_HEAD) }));
  const band = (frame.width - frame.right - left) / columns.length;
  const [, longest] = endsOf(all.map((value) => valueText(value, unit).length));
  const isWritten = longest * LETTER < band;
  // Between neighbours there is room for a letter; where there is not, the blank makes it.
  const isTight = (longest + 1) * LETTER >= band;
  const written = (value: number): string => {
    const text = valueText(value, unit);
    return isTight ? text.replace(' ', '') : text;
  };
  const cells = points.flatMap((point) => {
    const value = point.figures[figure]?.value ?? null;
    if (value === null) return [];
    const [cx, cy] = [x.at(point.choice[across]), y.at(point.choice[down])];
    const strength = shade(value);
    const rect =
      `<rect class="heat" x="${px(cx - band / 2 + 0.5)}" y="${px(cy - 13.5)}" ` +
      `width="${px(Math.max(1, band - 1))}" height="27" fill-opacity="${strength.toFixed(2)}"/>`;
    const text = !isWritten
      ? ''
      : `<text x="${px(cx)}" y="${px(cy + 4)}" text-anchor="middle">` +
        `${escapeHtml(written(value))}</text>`;
    return [linked(targetOf(point), titleOf(sweep, point), rect + text)];
  });
  const { path } = sweep.parameters[across];
  const label = `${sweep.figures[figure].name} over ${path} and ${sweep.parameters[down].path}`;
  return svgPlot(
    frame,
    { x, y, xTitle: cut(path, 60), yTitle: cut(sweep.parameters[down].path, 60), label },
    cells,
  );
}

/** From 0.06 to 1, by the logarithm where values differ much. */
function shadeOf(values: readonly number[]): (value: number) => number {
  const [least, most] = endsOf(values);
  const isLog = least > 0 && most / least > WIDE_RANGE;
  const scale = (value: number): number => (isLog ? Math.log(value) : value);
  const width = scale(most) - scale(least);
  return (value) => 0.06 + (width === 0 ? 0 : (0.9 * (scale(value) - scale(least))) / width);
}
