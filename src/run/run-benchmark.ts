import { availableParallelism } from 'node:os';
import { inputError } from '../errors.js';
import { kernelIdentity } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import { RESULT_SCHEMA, type ResultDocument } from '../stats/result.js';
import { describeScenario, hashScenario } from './describe-scenario.js';
import { expectedInterrupts } from './expected-interrupts.js';
import { executeInProcess } from './in-process.js';
import { PolicyTotal } from './merge.js';
import { planShards } from './plan-shards.js';
import { executeInPool } from './pool.js';
import { type Execute, planTasks, type RunProgress } from './tasks.js';
import { packageVersion } from './version.js';

export interface RunOptions {
  /** Whole number from 0 to 2^53 − 1; 1 if left out. */
  seed?: number;
  /** Left out: as many as the scenario suggests, see `planShards`. */
  shards?: number | null;
  /** Threads; as many as the host has processors if left out. Never changes a result. */
  workers?: number;
  onProgress?: (progress: RunProgress) => void;
  /** Aborted: the run ends with the current chunks and throws RunCancelled. */
  signal?: AbortSignal;
  /** What the result's `meta.host` says about how it was made. */
  commandLine?: string[];
}

export const DEFAULT_SEED = 1;
export const MAXIMUM_WORKERS = 1024;
/** A run of fewer interrupts is over before workers have started. */
const IN_PROCESS_INTERRUPTS = 1_000_000;

/**
 * Simulates the scenario under each of its policies, on the same interrupts, and adds shards up.
 *
 * @throws InputError for options or a scenario that cannot be run; RunCancelled when aborted.
 */
export async function runBenchmark(
  scenario: Scenario,
  options: RunOptions = {},
  execute: Execute = executorFor(scenario),
): Promise<ResultDocument> {
  const { seed, workers } = checkOptions(scenario, options);
  const shards = planShards(scenario, options.shards ?? null);
  const tasks = planTasks(scenario, shards, seed);
  const totals = scenario.policies.map((_, index) => new PolicyTotal(scenario, index));

  const started = performance.now();
  await execute(scenario, tasks, (outcome, task) => totals[task.policyIndex].add(outcome), {
    workers,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const wallSeconds = (performance.now() - started) / 1000;

  const simulated = totals.map((total) => total.simulated());
  const interrupts = simulated.reduce((sum, total) => sum + total.interrupts, 0);
  const described = describeScenario(scenario);
  const { hash, abi, rules } = kernelIdentity();
  return {
    schema: RESULT_SCHEMA,
    meta: {
      versions: { dpcbench: packageVersion(), abi, rules },
      kernelHash: hash,
      scenarioHash: hashScenario(described),
      seed,
      shards: shards.length,
      processors: scenario.machine.processors,
      durationNs: simulated[0].durationNs,
      interrupts,
      host: {
        commandLine: options.commandLine ?? [],
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        workers,
        wallSeconds,
        interruptsPerSecond: wallSeconds > 0 ? interrupts / wallSeconds : 0,
      },
    },
    scenario: described,
    results: totals.map((total) => total.result()),
  };
}

/**
 * Small runs stay on this thread. Large ones take workers, be it one, so that the main thread stays
 * free to show progress and to hear Ctrl-C.
 */
function executorFor(scenario: Scenario): Execute {
  const interrupts = expectedInterrupts(scenario) * scenario.policies.length;
  return interrupts < IN_PROCESS_INTERRUPTS ? executeInProcess : executeInPool;
}

/** The seed, or the default one. Throws InputError unless it is whole and from 0 to 2^53 − 1. */
export function checkSeed(seed: number = DEFAULT_SEED): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw inputError(`seed ${seed}: must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
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
