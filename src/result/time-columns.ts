import { percentileOf } from './histogram.js';
import type { OverTimeColumns } from './over-time-shape.js';
import {
  binBucketLow,
  BUCKETS_IN_ROW,
  groupSize,
  type OverTime,
  rowLow,
  widened,
} from './over-time.js';

/**
 * What a result says of each policy's figures over time, in bins of the same width under all of
 * them. Null for all when one of them has none.
 */
export function timeColumns(
  times: readonly (OverTime | null)[],
  processors: number,
): (OverTimeColumns | null)[] {
  const known = times.filter((time) => time !== null);
  if (known.length < times.length) return times.map(() => null);
  const binNs = Math.max(...known.map((time) => time.binNs));
  return known.map((time) => columnsOf(widened(time, binNs), processors));
}

function columnsOf({ warmupNs, binNs, bins }: OverTime, processors: number): OverTimeColumns {
  return {
    warmupNs,
    binNs,
    endsNs: bins.map(({ endNs }) => endNs),
    arrivals: bins.map(({ arrivals }) => arrivals),
    ipis: bins.map(({ ipis }) => ipis),
    queuedNs: bins.map(({ queuedNs }) => queuedNs),
    waits: waitColumns(bins),
    processors: {
      perGroup: groupSize(processors),
      busyNs: (bins[0]?.busyNs ?? []).map((_, group) => bins.map(({ busyNs }) => busyNs[group])),
    },
  };
}

function waitColumns(bins: OverTime['bins']): OverTimeColumns['waits'] {
  const rowOf = (bucket: number): number => Math.floor(bucket / BUCKETS_IN_ROW);
  const rows = [...new Set(bins.flatMap(({ waits }) => waits.buckets.map(rowOf)))];
  rows.sort((a, b) => a - b);
  const counts = rows.map(() => bins.map(() => 0));
  const columns = bins.map(({ waits: { buckets, counts: each, maxNs } }, bin) => {
    buckets.forEach((bucket, i) => {
      counts[rows.indexOf(rowOf(bucket))][bin] += each[i];
    });
    const count = each.reduce((sum, samples) => sum + samples, 0);
    const highNs = buckets.map((bucket) => binBucketLow(bucket + 1) - 1);
    const at = (parts: number): number | null =>
      percentileOf({ count, maxNs }, highNs, each, parts);
    return { count, maxNs, p50Ns: at(5_000), p99Ns: at(9_900) };
  });
  return {
    count: columns.map(({ count }) => count),
    p50Ns: columns.map(({ p50Ns }) => p50Ns),
    p99Ns: columns.map(({ p99Ns }) => p99Ns),
    maxNs: columns.map(({ maxNs }) => maxNs),
    lowNs: rows.map((row) => rowLow(row)),
    counts,
  };
}
