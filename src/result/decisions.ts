import {
  CELL_SUPPRESSED,
  CELL_THREADED,
  CELL_THREADED_SUPPRESSED,
  CELL_WORD_BITS,
  DECISION_BUCKET_BITS,
  DECISION_BUCKETS,
  HISTOGRAM_HALF_BITS,
  IMPORTANCE_HIGH,
  IMPORTANCE_LOW,
  IMPORTANCE_MEDIUM,
  IMPORTANCE_MEDIUM_HIGH,
} from '../../assembly/shared/abi.js';
import { FACTS } from '../policy/facts.js';
import { conditionHolds } from '../policy/parse-condition.js';
import type { Importance, Policy } from '../policy/policy.js';
import type { CensusCell } from './census.js';
import type { Decision, DecisionWait } from './decision-shape.js';
import { bucketIndex, bucketLow, percentileOf } from './histogram.js';

const IMPORTANCE_OF: Record<number, Importance> = {
  [IMPORTANCE_LOW]: 'low',
  [IMPORTANCE_MEDIUM]: 'medium',
  [IMPORTANCE_HIGH]: 'high',
  [IMPORTANCE_MEDIUM_HIGH]: 'mediumHigh',
};
const COARSER = 2 ** (HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS);

/** The census of a policy in words. */
export function decisionsOf(census: readonly CensusCell[], policy: Policy): Decision[] {
  return census.map(({ cell, inserts, sumNs, maxNs, buckets, counts }) => {
    const { target, importance, facts, isSuppressed, threaded } = situationOf(cell);
    const isAsked = threaded || conditionHolds(policy[target][importance], facts);
    const asked = isSuppressed ? 'suppressed' : target === 'current' ? 'local' : 'ipi';
    const lowNs = Array.from(buckets, (bucket) => bucketLow(bucket * COARSER));
    return {
      target,
      importance,
      threaded,
      facts: FACTS.filter(({ bit }) => (facts & bit) !== 0).map(({ word }) => word),
      request: isAsked ? asked : 'none',
      inserts,
      wait: waitOf(Number(sumNs), maxNs, lowNs, [...counts]),
    };
  });
}

function situationOf(cell: number): {
  target: Decision['target'];
  importance: Importance;
  facts: number;
  isSuppressed: boolean;
  threaded: boolean;
} {
  const threaded = cell >= CELL_THREADED;
  const condition = threaded
    ? (cell - CELL_THREADED) % CELL_THREADED_SUPPRESSED
    : (cell % CELL_SUPPRESSED) >> CELL_WORD_BITS;
  return {
    target: condition < 4 ? 'current' : 'other',
    importance: IMPORTANCE_OF[condition % 4],
    facts: threaded ? 0 : cell % 2 ** CELL_WORD_BITS,
    isSuppressed: cell >= (threaded ? CELL_THREADED + CELL_THREADED_SUPPRESSED : CELL_SUPPRESSED),
    threaded,
  };
}

/** The waits of several decisions together. */
export function addWaits(waits: readonly DecisionWait[]): DecisionWait {
  const sums = new Map<number, number>();
  for (const { lowNs, counts } of waits) {
    lowNs.forEach((low, i) => sums.set(low, (sums.get(low) ?? 0) + counts[i]));
  }
  const lowNs = [...sums.keys()].sort((a, b) => a - b);
  const sumNs = waits.reduce((sum, wait) => sum + wait.sumNs, 0);
  const maxNs = waits.reduce((most, wait) => Math.max(most, wait.maxNs), 0);
  return waitOf(
    sumNs,
    maxNs,
    lowNs,
    lowNs.map((low) => sums.get(low)!),
  );
}

function waitOf(sumNs: number, maxNs: number, lowNs: number[], counts: number[]): DecisionWait {
  const count = counts.reduce((sum, samples) => sum + samples, 0);
  const at = (parts: number): number | null =>
    percentileOf({ count, maxNs }, lowNs.map(highOf), counts, parts);
  return { count, sumNs, maxNs, p50Ns: at(5_000), p99Ns: at(9_900), lowNs, counts };
}

/** The greatest value of the bucket with this least one; the last bucket has none. */
function highOf(lowNs: number): number {
  const bucket = Math.floor(bucketIndex(lowNs) / COARSER);
  return bucket >= DECISION_BUCKETS - 1 ? Infinity : bucketLow((bucket + 1) * COARSER) - 1;
}
