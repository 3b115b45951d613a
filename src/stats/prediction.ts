import type { HistogramData } from '../result/outcome.js';
import {
  bucketIndex,
  emptyHistogram,
  nonEmptyBuckets,
  sparseHistogram,
  summarize,
} from '../result/histogram.js';
import type { HistogramJson, LatencySummary } from '../result/document.js';

/** The percentiles that a prediction is judged by, and how far off each may be. */
export const FIT_TARGETS = { p50Ns: 0.15, p90Ns: 0.15, p99Ns: 0.3 } as const;
export type FitPercentile = keyof typeof FIT_TARGETS;
export const FIT_PERCENTILES = ['p50Ns', 'p90Ns', 'p99Ns'] as const;

/** `too coarse`: a step of the recording's stamps is more than the target allows to be off. */
export type FitVerdict = 'met' | 'missed' | 'too few samples' | 'too coarse';

/** One softirq vector: its predicted latencies from raise to entry beside the recorded ones. */
export interface VectorFit {
  name: string;
  /** Recorded in the half that costs were measured on: how far the machine itself has changed. */
  before: LatencySummary;
  recorded: LatencySummary;
  predicted: LatencySummary;
  /** Predicted over recorded; null where it is not judged. */
  ratio: Record<FitPercentile, number | null>;
  verdict: Record<FitPercentile, FitVerdict>;
  /** Greatest distance between the two cumulative distributions, 0 to 1; null without samples. */
  ksDistance: number | null;
  distribution: { recorded: HistogramJson; predicted: HistogramJson };
}

/** The histogram of whole numbers of ns. */
export function histogramOf(valuesNs: readonly number[]): HistogramData {
  if (valuesNs.length === 0) return emptyHistogram();
  const minNs = valuesNs.reduce((a, b) => Math.min(a, b));
  const maxNs = valuesNs.reduce((a, b) => Math.max(a, b));
  const first = bucketIndex(minNs);
  const counts = new Float64Array(bucketIndex(maxNs) - first + 1);
  for (const ns of valuesNs) counts[bucketIndex(ns) - first] += 1;
  const sumNs = BigInt(valuesNs.reduce((a, b) => a + b, 0));
  return sparseHistogram({ sumNs, minNs, maxNs }, first, counts);
}

/** What a vector's latencies were in the first half, what in the second, and as predicted there. */
export interface VectorLatencies {
  before: HistogramData;
  recorded: HistogramData;
  predicted: HistogramData;
}

/** Judges a vector whose latencies were recorded in steps of `resolutionNs`. */
export function fitOf(
  name: string,
  { before, recorded, predicted }: VectorLatencies,
  resolutionNs: number,
): VectorFit {
  const summaries = {
    before: summarize(before),
    recorded: summarize(recorded),
    predicted: summarize(predicted),
  };
  const judgement = (key: FitPercentile): Judgement =>
    judge(key, summaries.predicted[key], summaries.recorded[key], resolutionNs);
  const [p50Ns, p90Ns, p99Ns] = FIT_PERCENTILES.map(judgement);
  return {
    name,
    ...summaries,
    ratio: { p50Ns: p50Ns.ratio, p90Ns: p90Ns.ratio, p99Ns: p99Ns.ratio },
    verdict: { p50Ns: p50Ns.verdict, p90Ns: p90Ns.verdict, p99Ns: p99Ns.verdict },
    ksDistance: ksDistance(recorded, predicted),
    distribution: {
      recorded: nonEmptyBuckets(recorded),
      predicted: nonEmptyBuckets(predicted),
    },
  };
}

interface Judgement {
  ratio: number | null;
  verdict: FitVerdict;
}

function judge(
  key: FitPercentile,
  predictedNs: number | null,
  recordedNs: number | null,
  resolutionNs: number,
): Judgement {
  if (predictedNs === null || recordedNs === null) {
    return { ratio: null, verdict: 'too few samples' };
  }
  const mostNs = FIT_TARGETS[key] * recordedNs;
  // That is so of 0 ns too, whatever the stamps.
  if (resolutionNs > mostNs) return { ratio: null, verdict: 'too coarse' };
  // Not by the ratio: 0.85 is a little more than 0.15 below 1.
  const isMet = Math.abs(predictedNs - recordedNs) <= mostNs;
  return { ratio: predictedNs / recordedNs, verdict: isMet ? 'met' : 'missed' };
}

/**
 * The two-sample Kolmogorov–Smirnov distance, sup |F(x) − G(x)|, over the tops of the buckets that
 * both histograms share: exact but for samples that lie in one bucket, 1/1,024 wide. Null if either
 * is empty.
 */
export function ksDistance(a: HistogramData, b: HistogramData): number | null {
  if (a.count === 0 || b.count === 0) return null;
  let [i, j, seenA, seenB, distance] = [0, 0, 0, 0, 0];
  while (i < a.buckets.length || j < b.buckets.length) {
    const bucket = Math.min(a.buckets[i] ?? Infinity, b.buckets[j] ?? Infinity);
    if (a.buckets[i] === bucket) seenA += a.counts[i++];
    if (b.buckets[j] === bucket) seenB += b.counts[j++];
    distance = Math.max(distance, Math.abs(seenA / a.count - seenB / b.count));
  }
  return distance;
}
