import { availableParallelism } from 'node:os';
import { inputError } from '../errors.js';
import { sha256Hex } from '../disk/sha256.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ResultDocument } from '../result/document.js';
import { expectedEvents } from './expected-events.js';
import { executeInProcess } from './in-process.js';
import type { IntervalScope } from '../result/shard-line.js';
import { executeInPool } from './pool.js';
import type { PrecisionGoal } from './precision.js';
import { checkSeed } from './seed.js';
import { type RunGround, simulateExperiment, type SimulatedRun } from './simulate-run.js';
import type { Execute, RunProgress } from './tasks.js';
import { packageVersion } from '../disk/version.js';
import type { WarmupChoice } from './warmup-pilot.js';

/** How a scenario is run; everything may be left out, and the result says what was taken. */
export interface RunOptions {
  /** Whole number from 0 to 2^53 − 1; 1 if left out. */
  seed?: number;
  /** Left out: as many as the scenario suggests, see `planShards`. */
  shards?: number | null;
  /** Threads; as many as the host has processors if left out. Never changes a result. */
  workers?: number;
  /** What every shard leaves out at its start; if left out, what the machine needs to settle. */
  warmup?: WarmupChoice;
  /**
   * What has intervals over shards: the machine, or every source and processor as well. For that
   * all histograms are read after every shard, which for a large machine takes longer than a shard.
   */
  intervals?: IntervalScope;
  /** Each policy's first shard is told over its simulated time as well; see `overTime`. */
  overTime?: boolean;
  /** Count the decisions of R10, which costs a few per cent of the time; left out: yes. */
  census?: boolean;
  /** Add shards until a figure's interval is narrow enough. */
  precision?: PrecisionGoal;
  /** Told how far the run is, again and again until it ends. */
  onProgress?: (progress: RunProgress) => void;
  /** Aborted: the run ends with the current chunks and throws RunCancelled. */
  signal?: AbortSignal;
  /** What the result's `meta.host` says about how it was made. */
  commandLine?: string[];
}

export const MAXIMUM_WORKERS = 1024;
/** A run of fewer interrupts, clock ticks and the like is over before workers have started. */
const IN_PROCESS_EVENTS = 1_000_000;

/**
 * Simulates the scenario under each of its policies, on the same interrupts, and adds shards up.
 *
 * @throws InputError for options or a scenario that cannot be run; RunCancelled when aborted.
 */
export async function runBenchmark(
  scenario: Scenario,
  options: RunOptions = {},
  execute: Execute = usualExecutor(scenario),
): Promise<ResultDocument> {
  return (await runExperiment(scenario, options, execute)).document;
}

/** What `runBenchmark` makes, with the figures of each shard: two runs can be compared by pairs. */
export async function runExperiment(
  scenario: Scenario,
  options: RunOptions = {},
  execute: Execute = usualExecutor(scenario),
): Promise<SimulatedRun> {
  const { seed, workers } = checkOptions(scenario, options);
  const started = performance.now();
  const simulated = await simulateExperiment(
    scenario,
    { ...options, seed, workers },
    shippedGround(),
    execute,
  );
  const wallSeconds = (performance.now() - started) / 1000;
  simulated.document.meta.host = {
    commandLine: options.commandLine ?? [],
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    workers,
    worstCommand: null,
    wallSeconds,
    interruptsPerSecond: wallSeconds > 0 ? simulated.document.meta.interrupts / wallSeconds : 0,
  };
  return simulated;
}

/** The kernels and the version that ship with the package. */
function shippedGround(): RunGround {
  return {
    kernel: shippedKernel(),
    debugKernel: () => shippedKernel('debug'),
    sha256: sha256Hex,
    version: packageVersion(),
  };
}

/**
 * Small runs stay on this thread. Large ones take workers, be it one, so that the main thread stays
 * free to show progress and to hear Ctrl-C.
 */
export function usualExecutor(scenario: Scenario): Execute {
  const events = expectedEvents(scenario) * scenario.policies.length;
  return events < IN_PROCESS_EVENTS ? executeInProcess : executeInPool;
}

function checkOptions(scenario: Scenario, options: RunOptions): { seed: number; workers: number } {
  const { workers = availableParallelism() } = options;
  const seed = checkSeed(options.seed);
  if (!Number.isInteger(workers) || workers < 1 || workers > MAXIMUM_WORKERS) {
    throw inputError(`workers ${workers}: must be a whole number from 1 to ${MAXIMUM_WORKERS}`);
  }
  if (scenario.policies.length === 0) {
    throw inputError('the scenario has no policy to run', 'name one or more, for example "vista"');
  }
  return { seed, workers };
}
