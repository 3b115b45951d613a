import { isSameLatency } from '../stats/comparison-sentence.js';
import { formatCount } from '../units.js';
import type { FigureComparison, Interval } from '../result/document.js';

/** From this ratio on a figure is so many times the other one, not so many per cent more. */
const TIMES_FROM = 2;
const NO_BREAK = '\u00a0';

/** What a figure does from one policy to another, for a line under the two. */
export interface Change {
  /** `+18 % (17 to 19)`, `14 times longer`, `the same`. */
  text: string;
  /** False where the two cannot be told apart. */
  differs: boolean;
}

/** A figure of two policies that the result compares, with its interval where there is one. */
export function changeOf(figure: FigureComparison | null, longer = 'as long'): Change {
  if (figure === null) return { text: 'too few samples to compare', differs: false };
  const { first, other, ratio, ratioInterval, verdict } = figure;
  if (verdict === 'same') return { text: 'the same', differs: false };
  if (ratio === null) return { text: 'none in the first', differs: other !== first };
  const range = rangeOf(ratio, ratioInterval);
  if (verdict === 'indistinguishable') {
    const within = ratioInterval === null ? '' : ` (${percentRange(ratioInterval)})`;
    return { text: `not distinguishable${within}`, differs: false };
  }
  return { text: ratioText(ratio, longer) + range, differs: true };
}

/** Two latencies in ns without an interval; null where one is not known. */
export function latencyChange(first: number | null, other: number | null): Change | null {
  if (first === null || other === null) return null;
  if (isSameLatency(first, other)) return { text: 'the same', differs: false };
  if (first === 0) return { text: 'none in the first', differs: true };
  return { text: ratioText(other / first), differs: true };
}

/** `+18 %`, `14 times as long`; far below one it is said the other way round. */
export function ratioText(ratio: number, longer = 'as long'): string {
  const shorter = longer === 'as long' ? 'shorter' : 'fewer';
  if (ratio >= TIMES_FROM) return `${times(ratio)} times ${longer}`;
  if (ratio === 0) return 'none';
  if (ratio <= 1 / TIMES_FROM) return `${times(1 / ratio)} times ${shorter}`;
  return signedPercent(ratio - 1);
}

function times(ratio: number): string {
  if (ratio < 9.95) return ratio.toFixed(1);
  return formatCount(ratio < 1000 ? Math.round(ratio) : Number(ratio.toPrecision(3)));
}

/** `+18 %`; a change below a tenth of a per cent still has its direction. */
export function signedPercent(share: number): string {
  const size = Math.abs(share) * 100;
  const sign = share < 0 ? '−' : '+';
  if (size < 0.1) return `${sign}under 0.1${NO_BREAK}%`;
  return `${sign}${size.toFixed(size < 9.95 ? 1 : 0)}${NO_BREAK}%`;
}

function rangeOf(ratio: number, interval: Interval | null): string {
  if (interval === null) return '';
  if (ratio >= TIMES_FROM) return ` (${times(interval.low)} to ${times(interval.high)})`;
  if (ratio > 1 / TIMES_FROM) return ` (${percentRange(interval)})`;
  return interval.low > 0 ? ` (${times(1 / interval.high)} to ${times(1 / interval.low)})` : '';
}

function percentRange({ low, high }: Interval): string {
  const width = (high - low) * 100;
  const digits = width > 0 ? Math.max(0, Math.min(3, -Math.floor(Math.log10(width)))) : 1;
  const text = (share: number): string => {
    const size = Math.abs((share - 1) * 100).toFixed(digits);
    return `${share < 1 && Number(size) > 0 ? '−' : ''}${size}`;
  };
  return `${text(low)} to ${text(high)}`;
}
