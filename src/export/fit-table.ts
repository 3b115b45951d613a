import type { EntryTimes, FitDocument } from '../stats/fit.js';
import { fitSentences, PERCENTILE_LABELS, vectorLabel } from '../stats/fit-sentence.js';
import { FIT_PERCENTILES, type FitPercentile, type VectorFit } from '../stats/prediction.js';
import type { LatencySummary } from '../result/document.js';
import { formatCount, formatNs } from '../units.js';
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

/** Predicted beside recorded latencies by vector, the costs, and the answer: 80 columns. */
export function formatFit(document: FitDocument): string {
  const { vectors, calibration } = document;
  const { dispatchNs, dequeueNs, dequeueCount, afterRaise, afterHandler, beforeHandler } =
    calibration;
  const entries = [...afterRaise, ...afterHandler];
  const entered = entries.reduce((sum, { entry }) => sum + entry.count, 0);
  const isPooled = entries.some(({ pooled }) => pooled);
  return [
    'Latency from raise to entry, by vector',
    '',
    row('vector', 'samples', '', LABELS, 'KS'),
    ...vectors.flatMap(vectorRows),
    '',
    costRow('costs, measured on the first half', 'samples', LABELS),
    costRow('least entry time (dispatch)', formatCount(entered), [formatNs(dispatchNs)]),
    costRow('from one softirq to the next (dequeue)', formatCount(dequeueCount), [
      dequeueCount === 0 ? WITHHELD : formatNs(dequeueNs),
    ]),
    ...afterRaise.map((times) => entryRow('thread raises', times)),
    ...afterHandler.map((times) => entryRow('after', times)),
    ...beforeHandler.map((times) => entryRow('before', times)),
    ...(isPooled ? ['* too few of its own: drawn from all of its kind'] : []),
    '',
    ...fitSentences(document).flatMap((sentence) => wrap(sentence, WIDTH)),
    '',
  ].join('\n');
}

function vectorRows({ name, before, recorded, predicted, ...judged }: VectorFit): string[] {
  const { ratio, verdict, ksDistance } = judged;
  const latencies = (summary: LatencySummary): string[] =>
    FIT_PERCENTILES.map((key) => ns(summary[key]));
  const verdictOf = (key: FitPercentile): string =>
    ratio[key] === null ? SHORT[verdict[key]] : `${ratio[key].toFixed(2)} ${SHORT[verdict[key]]}`;
  const count = (summary: LatencySummary): string => formatCount(summary.count);
  const distance = ksDistance === null ? WITHHELD : ksDistance.toFixed(3);
  return [
    row(shortName(name, VECTOR_WIDTH), count(before), '1st half', latencies(before), ''),
    row('', count(recorded), 'recorded', latencies(recorded), ''),
    row('', count(predicted), 'predicted', latencies(predicted), distance),
    row('', '', 'ratio', FIT_PERCENTILES.map(verdictOf), ''),
  ];
}

function entryRow(label: string, { name, entry, pooled }: EntryTimes): string {
  const figures = FIT_PERCENTILES.map((key) => ns(entry[key]));
  const shown = shortName(name, COST_WIDTH - label.length - ' '.length);
  return costRow(`${label} ${shown}`, formatCount(entry.count) + (pooled ? '*' : ''), figures);
}

function row(
  vector: string,
  samples: string,
  what: string,
  figures: readonly string[],
  distance: string,
): string {
  const cells = figures.map((figure) => figure.padStart(12)).join('');
  const head = `${vector.padEnd(VECTOR_WIDTH)} ${samples.padStart(10)} ${what.padEnd(9)}`;
  return `${head}${cells} ${distance.padStart(6)}`.trimEnd();
}

function costRow(label: string, samples: string, figures: readonly string[]): string {
  const cells = figures.map((figure) => figure.padStart(9)).join('');
  return `${label.padEnd(COST_WIDTH)} ${samples.padStart(10)}${cells}`;
}

function ns(value: number | null): string {
  return value === null ? WITHHELD : formatNs(value);
}

/** Cut where it is too long. */
function shortName(name: string, width: number): string {
  const short = vectorLabel(name);
  return short.length > width ? `${short.slice(0, width - 1)}…` : short;
}
