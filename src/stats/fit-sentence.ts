import { formatCount, formatNs } from '../units.js';
import type { FitDocument } from './fit.js';
import { FIT_PERCENTILES, FIT_TARGETS, type FitPercentile, type VectorFit } from './prediction.js';

/** How a percentile is called. */
export const PERCENTILE_LABELS: Record<FitPercentile, string> = {
  p50Ns: 'p50',
  p90Ns: 'p90',
  p99Ns: 'p99',
};

/** A stream's name without its kind, where all are softirqs: `NET_RX`. */
export function vectorLabel(name: string): string {
  return name.replace(/^softirq\//, '');
}

/** How many percentiles of a fit met their targets, missed them, or could not be judged. */
export interface FitCounts {
  met: number;
  missed: number;
  tooFew: number;
  tooCoarse: number;
}

export function countVerdicts(vectors: readonly VectorFit[]): FitCounts {
  const verdicts = vectors.flatMap(({ verdict }) => FIT_PERCENTILES.map((key) => verdict[key]));
  const count = (wanted: string): number => verdicts.filter((each) => each === wanted).length;
  return {
    met: count('met'),
    missed: count('missed'),
    tooFew: count('too few samples'),
    tooCoarse: count('too coarse'),
  };
}

/** Whether the targets are met, in a sentence. */
export function fitAnswer({ vectors }: FitDocument): string {
  return verdictSentence(countVerdicts(vectors));
}

/** What was fitted and what was judged; whether the targets are met; where not, by how much. */
export function fitSentences(document: FitDocument): string[] {
  return sentencesAround(document, `${fitAnswer(document)} ${targetSentence()}`);
}

/** What stands beneath a headline that says whether the targets are met: all but that. */
export function fitNotes(document: FitDocument): string[] {
  return sentencesAround(document, targetSentence());
}

function sentencesAround({ meta, calibration, vectors }: FitDocument, judged: string): string[] {
  const { halfNs, spanNs } = meta;
  return [
    `Costs were measured on the first ${formatNs(halfNs)} of the recording and judged on the ` +
      `other ${formatNs(spanNs - halfNs)}; how long its softirqs waited there only told who ran ` +
      'when.',
    ...outlierSentence(calibration),
    judged,
    ...vectors.flatMap(missedSentence),
  ];
}

/** Nothing, or how many entry times are not replayed as time of the processor. */
function outlierSentence({ afterRaise, afterHandler }: FitDocument['calibration']): string[] {
  const entries = [...afterRaise, ...afterHandler];
  const late = entries.filter(({ lateCount }) => lateCount > 0);
  if (late.length === 0) return [];
  const lateCount = late.reduce((sum, each) => sum + each.lateCount, 0);
  const count = entries.reduce((sum, { entry }) => sum + entry.count, 0);
  const longestNs = late.reduce((longest, { entry }) => Math.max(longest, entry.maxNs), 0);
  return [
    `${formatCount(lateCount)} of ${formatCount(count)} entry times measured ` +
      `${lateCount === 1 ? 'is an outlier' : 'are outliers'}, up to ${formatNs(longestNs)}: what ` +
      'draws one waits so long, but holds up nothing else.',
  ];
}

/** "Targets: p50 and p90 within 15 %, …", out of the targets themselves. */
function targetSentence(): string {
  const shares = [...new Set(FIT_PERCENTILES.map((key) => FIT_TARGETS[key]))];
  const texts = shares.map((share) => {
    const names = FIT_PERCENTILES.filter((key) => FIT_TARGETS[key] === share);
    return `${names.map((key) => PERCENTILE_LABELS[key]).join(' and ')} within ${share * 100} %`;
  });
  return `Targets: ${texts.join(', ')} of what was recorded.`;
}

function verdictSentence({ met, missed, tooFew, tooCoarse }: FitCounts): string {
  const judged = met + missed;
  const percentiles = (count: number): string =>
    `${formatCount(count)} percentile${count === 1 ? '' : 's'}`;
  const answer =
    judged === 0
      ? 'Nothing could be judged.'
      : `${missed === 0 ? 'The targets are met' : 'The targets are missed'}: ` +
        `${formatCount(met)} of ${percentiles(judged)} are within them.`;
  const few = tooFew === 0 ? '' : ` Too few samples to be judged: ${percentiles(tooFew)}.`;
  const coarse =
    tooCoarse === 0
      ? ''
      : ` Too short for the steps of the recording's stamps: ${percentiles(tooCoarse)}.`;
  return answer + few + coarse;
}

/** Nothing, or how far off a vector is, and what the machine itself has changed by meanwhile. */
function missedSentence({ name, before, recorded, ratio, verdict }: VectorFit): string[] {
  const missed = FIT_PERCENTILES.filter((key) => verdict[key] === 'missed');
  if (missed.length === 0) return [];
  const parts = missed.map((key) => {
    const now = recorded[key]!;
    const was = before[key];
    const drift = was === null ? '' : ` (the first half's was ${percentOff(was / now)})`;
    return `${PERCENTILE_LABELS[key]} is predicted ${percentOff(ratio[key]!)}${drift}`;
  });
  return [`${vectorLabel(name)}: ${parts.join(', ')}.`];
}

function percentOff(ratio: number): string {
  if (ratio === 1) return 'the same';
  const percent = Math.abs(ratio - 1) * 100;
  const text = percent < 99.5 ? percent.toPrecision(2) : percent.toFixed(0);
  return `${text} % ${ratio < 1 ? 'below' : 'above'}`;
}
