import { formatCount, formatNs, formatNsExactly } from '../units.js';

/** Places on one side of a chart, in pixels of the drawing. */
export interface Axis {
  /** Where a value stands; values of words are their places in the list. */
  at: (value: number) => number;
  ticks: { at: number; text: string }[];
}

export type AxisUnit = 'count' | 'ns' | 'perSecond';

/** What the values of an axis are, and where it runs from and to. */
export interface AxisOptions {
  unit: AxisUnit;
  isLog: boolean;
  from: number;
  to: number;
  /** About so many ticks. */
  ticks: number;
}

/** The least and the greatest of any number of values: more than a call takes as arguments. */
export function endsOf(values: readonly number[]): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

export function numericAxis(values: readonly number[], options: AxisOptions): Axis {
  const { unit, isLog, from, to, ticks } = options;
  const [least, most] = endsOf(values);
  // A logarithmic axis has no 0: what is 0 stands at its foot.
  const positive = values.filter((value) => value > 0);
  if (isLog && positive.length > 0) {
    const [low, high] = rangeOf(Math.log10(endsOf(positive)[0]), Math.log10(most), 0.06);
    const at = (value: number): number =>
      from + ((to - from) * (Math.log10(Math.max(value, 10 ** low)) - low)) / (high - low);
    const decades = logTicks(10 ** low, 10 ** high, ticks);
    // Between values that lie close no decade begins, nor its double or its half.
    const isClose = decades.length < 2;
    const marks = isClose ? evenTicks(10 ** low, 10 ** high, ticks, unit) : decades;
    const textOf = isClose ? exactText : tickText;
    return { at, ticks: marks.map((value) => ({ at: at(value), text: textOf(value, unit) })) };
  }
  const [low, high] = rangeOf(Math.min(least, least >= 0 ? 0 : least), most, 0.05);
  const foot = least >= 0 ? 0 : low;
  const at = (value: number): number => from + ((to - from) * (value - foot)) / (high - foot);
  const step = niceStep((high - foot) / ticks, unit);
  const count = Math.floor((high - foot) / step + 1e-9) + 1;
  const marks = Array.from({ length: count }, (_, i) => foot + i * step);
  return { at, ticks: marks.map((value) => ({ at: at(value), text: tickText(value, unit) })) };
}

/** Each value in a band of its own. */
export function categoryAxis(labels: readonly string[], from: number, to: number): Axis {
  const band = (to - from) / labels.length;
  const at = (place: number): number => from + (place + 0.5) * band;
  return { at, ticks: labels.map((text, i) => ({ at: at(i), text })) };
}

function rangeOf(low: number, high: number, margin: number): [number, number] {
  const width = high - low;
  if (width === 0) return [low - (low === 0 ? 0 : 0.5), high + (high === 0 ? 1 : 0.5)];
  return [low - (low === 0 ? 0 : margin * width), high + margin * width];
}

function niceStep(least: number, unit: AxisUnit): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= least - 1e-12)! * power;
  return unit === 'ns' ? Math.max(1, step) : step;
}

function logTicks(low: number, high: number, most: number): number[] {
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const found: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
      found.push(...factors.map((factor) => factor * 10 ** power));
    }
    const inside = found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
    if (inside.length <= most + 2) return inside;
  }
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.ceil((last - first + 1) / most);
  const count = Math.max(1, Math.floor((last - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => 10 ** (first + i * step));
}

function evenTicks(low: number, high: number, most: number, unit: AxisUnit): number[] {
  const step = niceStep((high - low) / most, unit);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  // Closer than a nanosecond, or than numbers are told apart: one stands for all.
  if (count < 1) return [Math.sqrt(low * high)];
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

/** With all digits, since its neighbours differ in the last ones. */
function exactText(value: number, unit: AxisUnit): string {
  if (unit === 'ns') return formatNsExactly(Math.round(value));
  const text = formatCount(Number(value.toPrecision(12)));
  return unit === 'perSecond' ? `${text}/s` : text;
}

export function tickText(value: number, unit: AxisUnit): string {
  const rounded = Number(value.toPrecision(4));
  if (rounded === 0) return '0';
  if (unit === 'ns') return formatNs(rounded).replace(/\.0+ /, ' ');
  const text = Math.abs(rounded) >= 1e5 ? `${formatCount(rounded / 1000)}k` : formatCount(rounded);
  return unit === 'perSecond' ? `${text}/s` : text;
}
