import type { FigureComparison, Interval, ResultDocument } from '../result/document.js';
import type { PerFigure } from '../result/figures.js';
import { formatNs } from '../units.js';
import { TOO_FEW, formatRatio, formatShare, threeDigits } from './format.js';
import type { ColumnModel, TableModel } from './model.js';

/** The figures that the tables beside them show. */
const SHOWN: readonly { label: string; unit: 'ns' | 'rate'; of: <V>(f: PerFigure<V>) => V }[] = [
  { label: 'IPIs per 1,000 interrupts', unit: 'rate', of: (f) => f.perThousand.ipis },
  { label: 'DPC wait mean', unit: 'ns', of: (f) => f.latency.dpcWait.meanNs },
  { label: 'DPC wait p50', unit: 'ns', of: (f) => f.latency.dpcWait.p50Ns },
  { label: 'DPC wait p99', unit: 'ns', of: (f) => f.latency.dpcWait.p99Ns },
  { label: 'DPC wait p99.9', unit: 'ns', of: (f) => f.latency.dpcWait.p999Ns },
  { label: 'Interrupt to DPC p99', unit: 'ns', of: (f) => f.latency.interruptToDpc.p99Ns },
  {
    label: 'Tick rescues per 1,000 interrupts',
    unit: 'rate',
    of: (f) => f.perThousand.rescues,
  },
];

/** A row a policy: the interval of each figure over shards. */
export function intervalTable({ meta, results }: ResultDocument): TableModel | null {
  const known = results.flatMap(({ policy, intervals }) =>
    intervals === null ? [] : [{ policy, intervals }],
  );
  if (known.length === 0) return null;
  const column = ({ label, unit, of }: (typeof SHOWN)[number]): ColumnModel => ({
    label,
    unit: 'text',
    values: known.map(({ intervals }) => rangeText(of<Interval | null>(intervals), unit)),
  });
  return {
    caption: `95 % intervals over ${meta.shards} shards`,
    columns: [
      { label: 'Policy', unit: 'name', values: known.map(({ policy }) => policy) },
      ...SHOWN.map(column),
    ],
    note: '',
  };
}

/** A row a policy: each figure over that of the first policy, shard by shard. */
export function comparisonTable({ comparisons }: ResultDocument): TableModel | null {
  const hasIntervals = comparisons.some((comparison) =>
    SHOWN.some(({ of }) => of<FigureComparison | null>(comparison)?.differenceInterval != null),
  );
  if (!hasIntervals) return null;
  return {
    caption: `Ratio to ${comparisons[0].against}, with 95 % intervals over pairs of shards`,
    columns: [
      { label: 'Policy', unit: 'name', values: comparisons.map(({ policy }) => policy) },
      ...SHOWN.map(({ label, of }): ColumnModel => ({
        label,
        unit: 'text',
        values: comparisons.map((c) => ratioText(of<FigureComparison | null>(c))),
      })),
    ],
    note: 'A difference whose interval holds 0 is called not distinguishable.',
  };
}

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
  if (interval === null) return TOO_FEW;
  const [low, high] = [interval.low, interval.high].map((value) =>
    RANGE_TEXTS[unit](value).replace(' ', NO_BREAK),
  );
  return low === high ? low : `${low} to ${high}`;
}

function ratioText(figure: FigureComparison | null): string {
  if (figure === null) return TOO_FEW;
  const { ratio, ratioInterval, verdict } = figure;
  if (verdict === 'same') return 'same';
  if (ratio === null) return 'none in the first';
  const range =
    ratioInterval === null
      ? ''
      : ` (${threeDigits(ratioInterval.low)} to ${threeDigits(ratioInterval.high)})`;
  const doubt = verdict === 'indistinguishable' ? ', not distinguishable' : '';
  return `${formatRatio(ratio)}${range}${doubt}`;
}
