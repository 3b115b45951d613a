import type { Scenario } from '../scenario/scenario.js';
import * as theory from '../stats/queueing-theory.js';
import type { Interval } from '../result/document.js';
import { type Coverage, coverageOf } from '../stats/coverage.js';
import { executeInProcess } from '../run/in-process.js';
import { runBenchmark } from '../run/run-benchmark.js';
import { RunCancelled, type RunProgress } from '../run/tasks.js';
import { oneServer } from './validation-case.js';

export interface CoverageOptions {
  experiments: number;
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
}

const SHARDS = 20;
const INTERRUPTS_PER_SHARD = 2_000;
const LOAD = 0.4;
const SERVICE_NS = 100_000;
const WARMUP_NS = 20_000_000;

/**
 * Repeats a small experiment with other seeds and counts how often its 95 % intervals hold the
 * truth, which theory knows: two sources of equal load share a processor; one policy puts the High
 * ones at the head of the queue, the other does not. Who waits differs, the mean of all does not.
 */
export async function measureCoverage(options: CoverageOptions): Promise<Coverage[]> {
  const service = theory.exponentialMoments(SERVICE_NS);
  const mean = theory.meanWait(LOAD / SERVICE_NS, service);
  const p90 = theory.exponentialWaitQuantile(LOAD, SERVICE_NS, 0.9);
  const truths: [figure: string, truth: number, of: (seen: Intervals) => Interval | null][] = [
    ['mean wait: jackknife and t', mean, (seen) => seen.mean],
    ['p90 wait: t over shards', p90, (seen) => seen.p90],
    ['mean wait of two policies: paired difference, BCa', 0, (seen) => seen.difference],
    ['mean wait of two policies: paired ratio, BCa', 1, (seen) => seen.ratio],
  ];
  const holds = truths.map(() => 0);
  for (let seed = 1; seed <= options.experiments; seed++) {
    const progress = progressAfter(seed - 1, options.experiments);
    if (options.signal?.aborted === true) throw new RunCancelled(progress);
    options.onProgress?.(progress);
    const seen = await experiment(seed);
    truths.forEach(([, truth, of], i) => {
      const interval = of(seen);
      if (interval !== null && interval.low <= truth && truth <= interval.high) holds[i]++;
    });
  }
  return truths.map(([figure], i) => coverageOf(figure, holds[i], options.experiments));
}

/** Three policies' worth of shards to an experiment. */
function progressAfter(done: number, experiments: number): RunProgress {
  return {
    interrupts: done * 3 * SHARDS * INTERRUPTS_PER_SHARD,
    share: done / experiments,
    tasksDone: done * 3 * SHARDS,
    tasks: experiments * 3 * SHARDS,
  };
}

interface Intervals {
  mean: Interval | null;
  p90: Interval | null;
  difference: Interval | null;
  ratio: Interval | null;
}

const tail = { name: 'tail', extends: 'vista', insert: { high: 'tail' } };
const shared = sized(oneServer('head of line', ['high', 'medium'].map(half), ['vista', tail]));
const single = sized(oneServer('M/M/1', [line('line', 'medium', LOAD)], ['vista']));

async function experiment(seed: number): Promise<Intervals> {
  const options = { seed, shards: SHARDS, warmup: WARMUP_NS, census: false };
  const compared = (await runBenchmark(shared, options, executeInProcess)).comparisons[0];
  const alone = (await runBenchmark(single, options, executeInProcess)).results[0];
  const waits = compared.latency.interruptToDpc.meanNs;
  return {
    mean: alone.intervals!.latency.interruptToDpc.meanNs,
    p90: alone.intervals!.latency.interruptToDpc.p90Ns,
    difference: waits?.differenceInterval ?? null,
    ratio: waits?.ratioInterval ?? null,
  };
}

function half(importance: string): object {
  return line(importance, importance, LOAD / 2);
}

function line(name: string, importance: string, load: number): object {
  return {
    name,
    irql: 5,
    processor: 0,
    isr: 0,
    fifo: 10_000,
    arrivals: { poisson: Math.round((load / SERVICE_NS) * 1e9) },
    dpc: { importance, service: { exponential: SERVICE_NS }, perItem: 0, budget: 1 },
  };
}

function sized(scenario: Scenario): Scenario {
  const interrupts = SHARDS * INTERRUPTS_PER_SHARD;
  return { ...scenario, until: { timeNs: null, interrupts } };
}
