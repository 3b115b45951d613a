import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { formatFigure } from '../units.js';

/** Rows of the table of points; a page with more is of no use to anybody. */
export const MOST_ROWS = 2_000;

export function valueText(value: number | null, unit: 'ns' | 'count'): string {
  return value === null ? '–' : formatFigure(value, unit);
}

const LATENCIES: Readonly<Record<string, string>> = {
  isrWait: 'ISR wait',
  dpcWait: 'DPC latency',
  interruptToDpc: 'interrupt-to-DPC',
};

/** `p99 DPC latency`, `IPIs per 1,000 interrupts`; others as they are written. */
export function figureLabel(name: string): string {
  const [latency, ...statistic] = name.split('.');
  const noun = LATENCIES[latency];
  if (noun !== undefined) return `${statistic.join('.')} ${noun}`;
  const counter = /^(\w+)PerThousand$/.exec(name);
  if (counter === null) return name;
  const word = counter[1] === 'ipis' ? 'IPIs' : counter[1];
  return `${word} per 1,000 interrupts`;
}

/** The id of a point's row, or null where it has none. */
export function rowOf({ number }: SweepPoint): string | null {
  return number <= MOST_ROWS ? `p${number}` : null;
}

/** Where the mark of a point leads: its report, or else its row. */
export function targetOf(point: SweepPoint): string | null {
  if (point.report !== '') return encodeURI(point.report);
  const row = rowOf(point);
  return row === null ? null : `#${row}`;
}

/** What is said when a mark is pointed at. */
export function titleOf(sweep: SweepDocument, point: SweepPoint): string {
  const { figures, front, parameters } = sweep;
  const chosen = parameters.map(({ path, values }, i) => `${path} = ${values[point.choice[i]]}`);
  const traded = front.map((place) => {
    const { name, unit } = figures[place];
    const { value, low, high } = point.figures[place];
    const interval =
      low === null || high === null ? '' : ` (${valueText(low, unit)} to ${valueText(high, unit)})`;
    return `${name} ${valueText(value, unit)}${interval}`;
  });
  return [`#${point.number} ${point.policy}`, ...chosen, ...traded].join('\n');
}
