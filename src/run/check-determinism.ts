import { availableParallelism } from 'node:os';
import type { Scenario } from '../scenario/scenario.js';
import { firstDifference } from '../stats/first-difference.js';
import type { ResultDocument } from '../stats/result.js';
import { executeInPool } from './pool.js';
import { runBenchmark, type RunOptions } from './run-benchmark.js';

/** What a second run found: how many workers it had, and the first place where it differs. */
export interface DeterminismCheck {
  workers: number;
  /** Path in the result document; null when every figure is the same. */
  difference: string | null;
}

/**
 * Runs again with another number of workers and compares everything but what the document says of
 * the host. A difference is a defect of dpcbench.
 */
export async function checkDeterminism(
  scenario: Scenario,
  options: RunOptions,
  before: ResultDocument,
): Promise<DeterminismCheck> {
  const workers = before.meta.host.workers === 1 ? Math.max(2, availableParallelism()) : 1;
  const again = await runBenchmark(scenario, { ...options, workers }, executeInPool);
  return { workers, difference: firstDifference(withoutHost(before), withoutHost(again)) };
}

function withoutHost(document: ResultDocument): unknown {
  const { host: _, ...meta } = document.meta;
  return JSON.parse(JSON.stringify({ ...document, meta }));
}
