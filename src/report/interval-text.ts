import type { Interval } from '../result/document.js';
import { formatNs } from '../units.js';
import { FEW, formatShare, threeDigits } from './format.js';
import type { ColumnModel } from './model.js';

const NO_BREAK = '\u00a0';
const RANGE_TEXTS = { ns: formatNs, rate: threeDigits, share: formatShare };
type RangeUnit = keyof typeof RANGE_TEXTS;

/** The column beside a figure's; none where no row has an interval. */
export function intervalColumns(
  label: string,
  intervals: readonly (Interval | null | undefined)[],
  unit: RangeUnit,
): ColumnModel[] {
  if (intervals.every((each) => each == null)) return [];
  const values = intervals.map((each) => rangeText(each ?? null, unit));
  return [{ label: `${label}, 95${NO_BREAK}%`, unit: 'text', values }];
}

/** `1.05 µs to 1.31 µs`; a single value where both print alike. */
export function rangeText(interval: Interval | null, unit: RangeUnit): string {
  if (interval === null) return FEW;
  const [low, high] = [interval.low, interval.high].map((value) =>
    RANGE_TEXTS[unit](value).replace(' ', NO_BREAK),
  );
  return low === high ? low : `${low} to ${high}`;
}
