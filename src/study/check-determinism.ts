import { availableParallelism } from 'node:os';
import type { Scenario } from '../scenario/scenario.js';
import { firstDifference } from '../stats/first-difference.js';
import type { ResultDocument } from '../result/document.js';
import { executeInLockstep, executeInPool } from '../run/pool.js';
import { runBenchmark, type RunOptions } from '../run/run-benchmark.js';

/** What the runs after the first found: how the last was made, and the first place that differs. */
export interface DeterminismCheck {
  /** `2 workers`, or `one event at a time`. */
  how: string[];
  /** Path in the result document; null when every figure is the same. */
  difference: string | null;
}

/**
 * Runs again with another number of workers, then one event at a time on this thread (the kernel's
 * other engine), and compares everything but what the document says of the host. A difference is a
 * defect of dpcbench; the first one ends the check.
 */
export async function checkDeterminism(
  scenario: Scenario,
  options: RunOptions,
  before: ResultDocument,
): Promise<DeterminismCheck> {
  const workers = before.meta.host.workers === 1 ? Math.max(2, availableParallelism()) : 1;
  const ways = [
    { how: `${workers} worker${workers === 1 ? '' : 's'}`, execute: executeInPool },
    { how: 'one event at a time', execute: executeInLockstep },
  ];
  const done: string[] = [];
  for (const { how, execute } of ways) {
    const again = await runBenchmark(scenario, { ...options, workers }, execute);
    done.push(how);
    const difference = firstDifference(withoutHost(before), withoutHost(again));
    if (difference !== null) return { how: [how], difference };
  }
  return { how: done, difference: null };
}

function withoutHost(document: ResultDocument): unknown {
  const { host: _, ...meta } = document.meta;
  return JSON.parse(JSON.stringify({ ...document, meta }));
}
