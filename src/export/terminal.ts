import picocolors from 'picocolors';
import { relativeHalfWidth } from '../stats/figure-path.js';
import type {
  FigureIntervals,
  Interval,
  PolicyResult,
  ResultDocument,
} from '../result/document.js';
import type { PrecisionReached, Warmup } from '../result/meta-shape.js';
import { countOf } from '../result/figures.js';
import { verdict } from '../stats/verdict.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { cutToWidth, hardBreak, padToWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** The answer fits a terminal of this width, whatever the scenario. */
const WIDTH = 80;
const NAME_WIDTH = 17;
/** Stands for a percentile of too few samples, and for a ratio to nothing. */
const WITHHELD = '-';

interface Column {
  head: string;
  width: number;
  unit: 'count' | 'rate' | 'ns';
  value: (result: PolicyResult) => number | null;
  /** The interval of the value, or for counts of its share in the interrupts; null: it has none. */
  interval: (intervals: FigureIntervals) => Interval | null;
  /** What the interval is about, where that is not `value`. */
  intervalOf?: (result: PolicyResult) => number | null;
}

/** Widths and a space before each add up to 80 with the name. */
const COLUMNS: readonly Column[] = [
  {
    head: 'IPIs',
    width: 5,
    unit: 'count',
    value: (r) => r.counters.ipis,
    interval: (i) => i.perThousand.ipis,
    intervalOf: ipisPerThousand,
  },
  {
    head: '/1000',
    width: 5,
    unit: 'rate',
    value: ipisPerThousand,
    interval: (i) => i.perThousand.ipis,
  },
  {
    head: 'p50',
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.dpcWait.p50Ns,
    interval: (i) => i.latency.dpcWait.p50Ns,
  },
  {
    head: 'p99',
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.dpcWait.p99Ns,
    interval: (i) => i.latency.dpcWait.p99Ns,
  },
  {
    head: 'p99.9',
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.dpcWait.p999Ns,
    interval: (i) => i.latency.dpcWait.p999Ns,
  },
  {
    head: 'max',
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.dpcWait.maxNs,
    interval: () => null,
  },
  {
    head: 'p99',
    width: 6,
    unit: 'ns',
    value: (r) => r.latency.interruptToDpc.p99Ns,
    interval: (i) => i.latency.interruptToDpc.p99Ns,
  },
  {
    head: 'drains',
    width: 6,
    unit: 'count',
    value: drains,
    interval: (i) => i.perThousand.drains,
    intervalOf: (r) => perThousand(r, drains(r)),
  },
  {
    head: 'rescues',
    width: 7,
    unit: 'count',
    value: (r) => r.counters.rescues,
    interval: (i) => i.perThousand.rescues,
    intervalOf: (r) => perThousand(r, r.counters.rescues),
  },
];
/** Above the columns of DPC latency and of the way from interrupt to DPC. */
const GROUPS = `${' '.repeat(NAME_WIDTH + 12)}  ${'DPC latency'.padEnd(27)}int-to-DPC`;

/**
 * The answer for a terminal of 80 columns: what was simulated, warnings, a row for each policy,
 * each policy's ratio to the first, and the verdict. Sentences keep to a narrower `width`; the
 * table does not.
 */
export function formatTerminal(
  document: ResultDocument,
  { colours, width = WIDTH }: { colours: boolean; width?: number },
): string {
  const { results } = document;
  const fold: Fold = (text) => foldTo(text, width);
  const lines: Line[] = [
    ...heading(document, fold),
    '',
    ...document.warnings.flatMap(({ sentence }) => [
      ...styled('yellow', fold(`Warning: ${sentence}`)),
      '',
    ]),
    ...styled('dim', [
      GROUPS,
      row(
        'policy',
        COLUMNS.map((column) => column.head),
      ),
    ]),
    ...results.map((result) =>
      row(
        result.policy,
        COLUMNS.map((column) => cell(column, result)),
      ),
    ),
  ];
  lines.push(...intervalRows(document, fold));
  if (results.length > 1) {
    const first = cutToWidth(visibleLine(results[0].policy), 60);
    lines.push('', ...styled('dim', fold(`relative to ${first}`)));
    for (const result of results.slice(1)) {
      lines.push(
        row(
          result.policy,
          COLUMNS.map((column) => ratio(column, result, results[0])),
        ),
      );
    }
  }
  lines.push('', ...verdict(document).flatMap(fold));
  return `${lines.map((line) => paint(line, picocolors.createColors(colours))).join('\n')}\n`;
}

type Fold = (text: string) => string[];
type Style = 'bold' | 'dim' | 'yellow';
type Line = string | { text: string; style: Style };

function styled(style: Style, lines: readonly string[]): Line[] {
  return lines.map((text) => ({ text, style }));
}

/** The one place where colours are put on, and so the last at which text must be harmless. */
function paint(line: Line, colours: ReturnType<typeof picocolors.createColors>): string {
  return typeof line === 'string' ? visibleLine(line) : colours[line.style](visibleLine(line.text));
}

function heading(document: ResultDocument, fold: Fold): Line[] {
  const { meta, scenario } = document;
  const perPolicy = meta.interrupts / Math.max(1, document.results.length);
  const facts = [
    formatCountOf(meta.processors, 'processor'),
    `${formatCount(Math.round(perPolicy))} interrupts a policy`,
    `${formatNs(meta.durationNs)} simulated`,
    `seed ${meta.seed}`,
    ...(meta.warmup.ns === 0 ? [] : [warmupFact(meta.warmup)]),
  ];
  return [
    ...styled('bold', fold(scenario.name)),
    ...(scenario.question === '' ? [] : fold(scenario.question)),
    ...styled('dim', fold(facts.join(', '))),
    ...(meta.settling.sentence === '' ? [] : styled('yellow', fold(meta.settling.sentence))),
  ];
}

/** A pilot too short to find the end of the warm-up is no reason for trust. */
function warmupFact({ ns, kind, found }: Warmup): string {
  const how = kind !== 'auto' ? '' : found ? ' (found by a pilot)' : ' (pilot too short)';
  return `warm-up ${formatNs(ns)} a shard left out${how}`;
}

function row(name: string, cells: readonly string[]): string {
  const padded = cells.map((text, i) => ` ${text.padStart(COLUMNS[i].width)}`);
  const shown = padToWidth(cutToWidth(visibleLine(name), NAME_WIDTH), NAME_WIDTH);
  return (shown + padded.join('')).trimEnd();
}

function cell(column: Column, result: PolicyResult): string {
  const value = column.value(result);
  if (value === null) return WITHHELD;
  if (column.unit === 'ns') return shortNs(value);
  return column.unit === 'rate' ? shortRate(value) : shortCount(value);
}

/** `0.62x`; `same` where the two print alike. */
function ratio(column: Column, result: PolicyResult, first: PolicyResult): string {
  const value = column.value(result);
  const base = column.value(first);
  if (value === null || base === null) return WITHHELD;
  if (value === base) return 'same';
  if (base === 0) return WITHHELD;
  const times = value / base;
  if (times >= 0.9995 && times < 1.0005) return 'same';
  if (times >= 999.5) return '>999x';
  if (times < 0.01) return '<.01x';
  return `${times < 1 ? times.toFixed(2) : times.toPrecision(3)}x`;
}

/** How well the figures above are known; nothing where no policy has intervals. */
function intervalRows({ meta, results }: ResultDocument, fold: Fold): Line[] {
  if (results.every(({ intervals }) => intervals === null)) return [];
  const head = `95 % intervals over ${formatCount(meta.shards)} shards: plus or minus`;
  const rows = results.map((r) =>
    row(
      r.policy,
      COLUMNS.map((c) => halfWidth(c, r)),
    ),
  );
  const known = precisionText(meta.precision);
  return ['', ...styled('dim', fold(head)), ...rows, ...(known === '' ? [] : fold(known))];
}

function precisionText(precision: PrecisionReached | null): string {
  if (precision === null) return '';
  const { figure, target, reached } = precision;
  const known = reached === null ? 'is unknown' : `is known to ${percentText(reached)}`;
  return `${figure} ${known}, asked for: ${percentText(target)}`;
}

/** `1.2%`; `-` for a figure without an interval. */
function halfWidth(column: Column, result: PolicyResult): string {
  const value = (column.intervalOf ?? column.value)(result);
  const interval = result.intervals && column.interval(result.intervals);
  const half = relativeHalfWidth({ value, interval });
  if (half === null) return WITHHELD;
  return percentText(half);
}

function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 999.5) return '>999%';
  if (percent > 0 && percent < 0.05) return '<0.1%';
  return `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}%`;
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

function shortRate(value: number): string {
  if (value === 0 || value >= 99.95) return shortCount(Math.round(value));
  return value < 0.01 ? '<0.01' : value.toPrecision(value < 1 ? 2 : 3);
}

/** At most six characters: `500ns`, `21.6µs`, `0.278h`. */
function shortNs(ns: number): string {
  return ns < 999.5e9 ? formatNs(ns).replace(' ', '') : `${(ns / 3.6e12).toPrecision(3)}h`;
}

/** At most five characters: `9999`, `12.3k`, `1.20M`. */
function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
    ['T', 1e12],
  ] as const) {
    const digits = (count / size).toPrecision(3);
    if (Number(digits) < 1000) return `${digits}${unit}`;
  }
  return '>999T';
}

function foldTo(text: string, width: number): string[] {
  return wrap(visibleLine(text), width).flatMap((line) => hardBreak(line, width));
}
