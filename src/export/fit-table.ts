import type { EntryTimes, FitDocument } from '../stats/fit.js';
import { fitSentences, PERCENTILE_LABELS, vectorLabel } from '../stats/fit-sentence.js';
import { FIT_PERCENTILES, type FitPercentile, type VectorFit } from '../stats/prediction.js';
import type { LatencySummary } from '../result/document.js';
import { formatCount, formatNs } from '../units.js';
import { type TextColumn, TextTable } from './text-table.js';
import { wrap } from './wrap.js';

const WIDTH = 80;
const VECTOR_WIDTH = 12;
const COST_WIDTH = 42;
/** In place of a figure that has too few samples. */
const WITHHELD = '-';
const SHORT = {
  met: 'met',
  missed: 'missed',
  'too few samples': 'too few',
  'too coarse': 'too coarse',
} as const;
const LABELS = FIT_PERCENTILES.map((key) => PERCENTILE_LABELS[key]);

/** Rows of a vector; where it is narrow the distance goes first, then the number of samples. */
const LATENCIES: readonly TextColumn[] = [
  { width: VECTOR_WIDTH, least: 8, rank: 0, align: 'left' },
  { width: 10, rank: 1 },
  { width: 9, rank: 0, align: 'left' },
  ...LABELS.map(() => ({ width: 12, least: 11, rank: 0 })),
  { width: 6, rank: 2 },
];
const COSTS: readonly TextColumn[] = [
  { width: COST_WIDTH, least: 32, rank: 0, align: 'left' },
  { width: 10, rank: 1 },
  ...LABELS.map(() => ({ width: 8, rank: 0 })),
];

/** Predicted beside recorded latencies by vector, the costs, and the answer. */
export function formatFit(document: FitDocument, columns = WIDTH): string {
  const width = Math.min(WIDTH, columns);
  const latencies = new TextTable(LATENCIES, width);
  const costs = new TextTable(COSTS, width);
  const { vectors, calibration } = document;
  const { dispatchNs, dequeueNs, dequeueCount, afterRaise, afterHandler, beforeHandler } =
    calibration;
  const entries = [...afterRaise, ...afterHandler];
  const entered = entries.reduce((sum, { entry }) => sum + entry.count, 0);
  const isPooled = entries.some(({ pooled }) => pooled);
  return [
    'Latency from raise to entry, by vector',
    '',
    ...[['vector', 'samples', '', ...LABELS, 'KS'], ...vectors.flatMap(vectorRows)].map((cells) =>
      latencies.row(cells),
    ),
    '',
    ...[
      ['costs, measured on the first half', 'samples', ...LABELS],
      ['least entry time (dispatch)', formatCount(entered), formatNs(dispatchNs), '', ''],
      [
        'one softirq to the next (dequeue)',
        formatCount(dequeueCount),
        dequeueCount === 0 ? WITHHELD : formatNs(dequeueNs),
        '',
        '',
      ],
      ...afterRaise.map((times) => entryCells('thread raises', times)),
      ...afterHandler.map((times) => entryCells('after', times)),
      ...beforeHandler.map((times) => entryCells('before', times)),
    ].map((cells) => costs.row(cells)),
    ...(isPooled ? wrap('* too few of its own: drawn from all of its kind', width) : []),
    '',
    ...fitSentences(document).flatMap((sentence) => wrap(sentence, width)),
    '',
  ].join('\n');
}

function vectorRows({ name, before, recorded, predicted, ...judged }: VectorFit): string[][] {
  const { ratio, verdict, ksDistance } = judged;
  const latencies = (summary: LatencySummary): string[] =>
    FIT_PERCENTILES.map((key) => ns(summary[key]));
  const verdictOf = (key: FitPercentile): string =>
    ratio[key] === null ? SHORT[verdict[key]] : `${ratio[key].toFixed(2)} ${SHORT[verdict[key]]}`;
  const count = (summary: LatencySummary): string => formatCount(summary.count);
  const distance = ksDistance === null ? WITHHELD : ksDistance.toFixed(3);
  return [
    [shortName(name, VECTOR_WIDTH), count(before), '1st half', ...latencies(before), ''],
    ['', count(recorded), 'recorded', ...latencies(recorded), ''],
    ['', count(predicted), 'predicted', ...latencies(predicted), distance],
    ['', '', 'ratio', ...FIT_PERCENTILES.map(verdictOf), ''],
  ];
}

function entryCells(label: string, { name, entry, pooled }: EntryTimes): string[] {
  const figures = FIT_PERCENTILES.map((key) => ns(entry[key]));
  const shown = shortName(name, COST_WIDTH - label.length - ' '.length);
  return [`${label} ${shown}`, formatCount(entry.count) + (pooled ? '*' : ''), ...figures];
}

function ns(value: number | null): string {
  return value === null ? WITHHELD : formatNs(value);
}

/** Cut where it is too long. */
function shortName(name: string, width: number): string {
  const short = vectorLabel(name);
  return short.length > width ? `${short.slice(0, width - 1)}…` : short;
}
