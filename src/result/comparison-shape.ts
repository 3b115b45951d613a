import { words } from '../scenario/leaf-shapes.js';
import { converted, orNull, record, required, shared } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { anyNumber, fromZero } from './figure-shapes.js';

export const interval = shared(
  'interval',
  converted(
    record(
      'interval',
      {
        low: required(anyNumber, 'The lower end.'),
        high: required(anyNumber, 'The upper end.'),
      },
      'ignored',
    ),
    (read, spot) => (read.low <= read.high ? read : spot.problem('low is above high')),
  ),
);
/** A 95 % interval over shards; `low` is never above `high`. */
export interface Interval extends ReadOf<typeof interval> {}

export const figureComparison = shared(
  'figureComparison',
  record(
    'figureComparison',
    {
      first: required(fromZero, 'The figure of the policy that stands first.'),
      other: required(fromZero, 'The figure of this policy.'),
      difference: required(anyNumber, 'other − first.'),
      differenceInterval: required(
        orNull(interval),
        'Of the difference; null without shards enough.',
      ),
      ratio: required(orNull(fromZero), 'other / first; null when the first is 0.'),
      ratioInterval: required(orNull(interval), 'Of the ratio; null without shards enough.'),
      verdict: required(
        words(['lower', 'higher', 'same', 'indistinguishable', 'unknown']),
        'same: equal, or closer than the histogram can tell. indistinguishable: the interval of ' +
          'the difference holds 0. unknown: different, but without an interval to judge it by.',
      ),
    },
    'ignored',
  ),
);
export interface FigureComparison extends ReadOf<typeof figureComparison> {}
