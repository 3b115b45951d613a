import { countOf, type IntervalFigure } from '../result/figures.js';
import type { FigureIntervals, Interval, PolicyResult } from '../result/document.js';
import { relativeHalfWidth } from '../stats/figure-path.js';
import { visibleLine } from '../visible-text.js';
import { changeCell, percentText, shortCount, shortNs, shortRate, WITHHELD } from './cells.js';
import { TextTable } from './text-table.js';
import { cutToWidth } from './text-width.js';

const WIDEST_NAME = 17;
const LEAST_NAME = 10;

interface Column {
  head: string;
  /** A heading over the columns beside each other that have it. */
  group?: string;
  /** Where a terminal has no room for all, the columns of highest rank are left out first. */
  rank: number;
  width: number;
  unit: 'count' | 'rate' | 'ns';
  value: (result: PolicyResult) => number | null;
  /** The interval of the value, or for counts of its share in the interrupts; null: it has none. */
  interval: (intervals: FigureIntervals) => Interval | null;
  /** What the interval is about, where that is not `value`. */
  intervalOf?: (result: PolicyResult) => number | null;
}

const LATENCY_GROUPS = { dpcWait: 'DPC latency', interruptToDpc: 'int-to-DPC' } as const;

function latencyColumn(
  head: string,
  rank: number,
  latency: keyof typeof LATENCY_GROUPS,
  figure: IntervalFigure,
): Column {
  return {
    head,
    group: LATENCY_GROUPS[latency],
    rank,
    width: 6,
    unit: 'ns',
    value: (result) => result.latency[latency][figure],
    interval: (intervals) => intervals.latency[latency][figure],
  };
}

/** Widths and a space before each add up to 80 with the widest name. */
const COLUMNS: readonly Column[] = [
  {
    head: 'IPIs',
    rank: 1,
    width: 5,
    unit: 'count',
    value: (r) => r.counters.ipis,
    interval: (i) => i.perThousand.ipis,
    intervalOf: ipisPerThousand,
  },
  {
    head: '/1000',
    rank: 6,
    width: 5,
    unit: 'rate',
    value: ipisPerThousand,
    interval: (i) => i.perThousand.ipis,
  },
  latencyColumn('p50', 5, 'dpcWait', 'p50Ns'),
  latencyColumn('p99', 0, 'dpcWait', 'p99Ns'),
  latencyColumn('p99.9', 3, 'dpcWait', 'p999Ns'),
  {
    head: 'max',
    group: LATENCY_GROUPS.dpcWait,
    rank: 2,
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.dpcWait.maxNs,
    interval: () => null,
  },
  latencyColumn('p99', 4, 'interruptToDpc', 'p99Ns'),
  {
    head: 'drains',
    rank: 7,
    width: 6,
    unit: 'count',
    value: drains,
    interval: (i) => i.perThousand.drains,
    intervalOf: (r) => perThousand(r, drains(r)),
  },
  {
    head: 'rescues',
    rank: 8,
    width: 7,
    unit: 'count',
    value: (r) => r.counters.rescues,
    interval: (i) => i.perThousand.rescues,
    intervalOf: (r) => perThousand(r, r.counters.rescues),
  },
];

const NAME = { width: WIDEST_NAME, least: LEAST_NAME, rank: 0, align: 'left' } as const;

/** Rows that compare policies, in as many columns as a terminal of that width has room for. */
export class PolicyTable {
  private readonly table: TextTable;

  constructor(private readonly width: number) {
    this.table = new TextTable([NAME, ...COLUMNS], width);
  }

  /** The line of groups, and that of columns. */
  heads(): string[] {
    const [name, ...columns] = this.table.kept;
    const groupOf = (i: number): string | undefined => COLUMNS[columns[i]?.index - 1]?.group;
    let groups = '';
    let end = name.width;
    columns.forEach(({ width }, i) => {
      const group = groupOf(i);
      if (group !== undefined && group !== groupOf(i - 1)) {
        // A name that is wider than its columns at the right edge ends there.
        const start = Math.max(groups.length + 1, Math.min(end + 1, this.width - group.length));
        groups = `${groups.padEnd(start)}${group}`;
      }
      end += 1 + width;
    });
    return [cutToWidth(groups, this.width), this.row('policy', ({ head }) => head)];
  }

  figures(result: PolicyResult): string {
    return this.row(result.policy, (column) => figureCell(column, result));
  }

  changes(result: PolicyResult, first: PolicyResult): string {
    return this.row(result.policy, ({ unit, value }) =>
      changeCell(value(result), value(first), { isLatency: unit === 'ns' }),
    );
  }

  /** How well the figures are known: half of each interval, over the figure. */
  precision(result: PolicyResult): string {
    return this.row(result.policy, (column) => halfWidth(column, result));
  }

  private row(name: string, cellOf: (column: Column) => string): string {
    return this.table.row([visibleLine(name), ...COLUMNS.map(cellOf)]);
  }
}

function figureCell({ unit, value: valueOf }: Column, result: PolicyResult): string {
  const value = valueOf(result);
  if (value === null) return WITHHELD;
  if (unit === 'ns') return shortNs(value);
  return unit === 'rate' ? shortRate(value) : shortCount(value);
}

/** `1.2%`; `-` for a figure without an interval. */
function halfWidth(column: Column, result: PolicyResult): string {
  const value = (column.intervalOf ?? column.value)(result);
  const interval = result.intervals && column.interval(result.intervals);
  const half = relativeHalfWidth({ value, interval });
  return half === null ? WITHHELD : percentText(half);
}

function ipisPerThousand(result: PolicyResult): number | null {
  return perThousand(result, result.counters.ipis);
}

function perThousand({ counters }: PolicyResult, count: number): number | null {
  return counters.arrivals === 0 ? null : (count / counters.arrivals) * 1000;
}

function drains(result: PolicyResult): number {
  return countOf(result.counters, 'drains');
}
