import type { ResultDocument } from '../result/document.js';

/** The longest wait is told of where it is so many times the p99, and of some length. */
const FAR = 3;
const LONG_NS = 100_000;

/**
 * The longest wait of a DPC in ns, under any policy, where it is far longer than nearly all others
 * under its own; null where it is not: there is nothing to tell of it.
 */
export function farLongestNs({ results }: Pick<ResultDocument, 'results'>): number | null {
  const waits = results.map(({ latency }) => latency.dpcWait);
  const isLong = waits.some(
    ({ maxNs, p99Ns }) => p99Ns !== null && maxNs >= Math.max(FAR * p99Ns, LONG_NS),
  );
  return isLong ? Math.max(...waits.map(({ maxNs }) => maxNs)) : null;
}
