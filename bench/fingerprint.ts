import { createHash } from 'node:crypto';
import type { HistogramData, ScopeOutcome, ShardOutcome } from '../src/result/outcome.js';

/**
 * SHA-256 of everything that an outcome says, hexadecimal: two outcomes with the same fingerprint
 * are the same to the last bit of every counter and bucket.
 */
export function fingerprint(outcome: ShardOutcome): string {
  const hash = createHash('sha256');
  const { endNs, startNs, unserved, machine, sources, processors, census } = outcome;
  hash.update(JSON.stringify([endNs, startNs, unserved]));
  for (const scope of [machine, ...sources, ...processors]) addScope(hash, scope);
  for (const { timeSplit, queueDepth } of processors) {
    const { maximum, areaNs } = queueDepth;
    hash.update(JSON.stringify([sorted(timeSplit), maximum, String(areaNs)]));
  }
  for (const { cell, inserts, sumNs, maxNs, buckets, counts } of census ?? []) {
    hash.update(JSON.stringify([cell, inserts, String(sumNs), maxNs]));
    hash.update(buckets);
    hash.update(counts);
  }
  return hash.digest('hex');
}

function addScope(hash: ReturnType<typeof createHash>, scope: ScopeOutcome): void {
  hash.update(JSON.stringify(sorted(scope.counters)));
  const { dpc, isr } = scope.execution;
  for (const { maxNs, totalNs } of [isr, dpc]) {
    hash.update(JSON.stringify([String(totalNs), maxNs]));
  }
  addHistogram(hash, scope.isrWait);
  addHistogram(hash, scope.dpcWait);
  addHistogram(hash, scope.interruptToDpc);
}

function addHistogram(hash: ReturnType<typeof createHash>, histogram: HistogramData): void {
  const { count, sumNs, minNs, maxNs, buckets, counts } = histogram;
  hash.update(JSON.stringify([count, String(sumNs), minNs, maxNs]));
  hash.update(buckets);
  hash.update(Float64Array.from(counts));
}

function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
