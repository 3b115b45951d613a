import { availableParallelism } from 'node:os';
import { inputError } from '../errors.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import { comparePolicies } from '../stats/compare-policies.js';
import { warningsOf } from '../stats/warnings.js';
import { readFigure, relativeHalfWidth } from '../stats/figure-path.js';
import type { PrecisionReached, ResultDocument, Warmup } from '../result/document.js';
import { RESULT_SCHEMA } from '../result/figures.js';
import { describeScenario, hashScenario } from './describe-scenario.js';
import { expectedEvents } from './expected-events.js';
import { executeInProcess } from './in-process.js';
import { type IntervalScope, PolicyTotal } from './merge.js';
import { planShards, type ShardPlan, wholeBecause } from './plan-shards.js';
import { executeInPool } from './pool.js';
import {
  checkPrecision, DEFAULT_SHARD_LIMIT, FIRST_SHARDS, moreShards, nextShards, type PrecisionGoal,
} from './precision.js';
import { type Execute, planTasks, type RunProgress } from './tasks.js';
import { packageVersion } from '../disk/version.js';
import { checkMeasured, chooseWarmup, type WarmupChoice } from './warmup-pilot.js';

export interface RunOptions {
  /** Whole number from 0 to 2^53 − 1; 1 if left out. */
  seed?: number;
  /** Left out: as many as the scenario suggests, see `planShards`. */
  shards?: number | null;
  /** Threads; as many as the host has processors if left out. Never changes a result. */
  workers?: number;
  /** What every shard leaves out at its start; nothing if left out. */
  warmup?: WarmupChoice;
  /**
   * What has intervals over shards: the machine, or every source and processor as well. For that
   * all histograms are read after every shard, which for a large machine takes longer than a shard.
   */
  intervals?: IntervalScope;
  /** Add shards until a figure's interval is narrow enough. */
  precision?: PrecisionGoal;
  onProgress?: (progress: RunProgress) => void;
  /** Aborted: the run ends with the current chunks and throws RunCancelled. */
  signal?: AbortSignal;
  /** What the result's `meta.host` says about how it was made. */
  commandLine?: string[];
}

export const DEFAULT_SEED = 1;
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
  execute: Execute = executorFor(scenario),
): Promise<ResultDocument> {
  const { seed, workers } = checkOptions(scenario, options);
  const { precision: goal } = options;
  const figure = goal === undefined ? null : checkPrecision(scenario, goal);
  let shards = firstShards(scenario, options);
  const warmup = chooseWarmup(scenario, seed, shards, options.warmup ?? 'none');
  const scope = options.intervals ?? 'machine';
  const totals = scenario.policies.map((_, index) => new PolicyTotal(scenario, index, scope));
  const started = performance.now();
  const simulate = async (added: readonly ShardPlan[]): Promise<void> => {
    const tasks = planTasks(scenario, added, seed, warmup.ns);
    await execute(scenario, tasks, (outcome, task) => totals[task.policyIndex].add(outcome), {
      kernel: shippedKernel(),
      workers,
      onProgress: options.onProgress,
      signal: options.signal,
      // Parts have no figures of single sources.
      onPart: scope === 'all' ? undefined : (part) => totals[part.policyIndex].addPart(part),
    });
  };
  await simulate(shards);
  let document = describe(scenario, totals, { seed, shards: shards.length, warmup });
  if (goal !== undefined && figure !== null) {
    const { target, limit = DEFAULT_SHARD_LIMIT } = goal;
    for (;;) {
      const reached = relativeHalfWidth(readFigure(document, figure));
      document.meta.precision = { figure: figure.text, target, reached, limit };
      if ((reached !== null && reached <= target) || shards.length >= limit) break;
      const added = moreShards(shards, nextShards(shards.length, reached, goal));
      await simulate(added);
      shards = [...shards, ...added];
      document = describe(scenario, totals, { seed, shards: shards.length, warmup });
    }
  }
  const wallSeconds = (performance.now() - started) / 1000;
  document.meta.host = {
    commandLine: options.commandLine ?? [],
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    workers,
    wallSeconds,
    interruptsPerSecond: wallSeconds > 0 ? document.meta.interrupts / wallSeconds : 0,
  };
  return document;
}

/** A run to a precision starts with enough shards to see how much they differ. */
function firstShards(scenario: Scenario, { shards, precision }: RunOptions): ShardPlan[] {
  const planned = planShards(scenario, shards ?? null);
  if (precision === undefined || planned.length >= FIRST_SHARDS) return planned;
  const reason = wholeBecause(scenario);
  if (reason === '') return planShards(scenario, FIRST_SHARDS);
  throw inputError(
    `--precision has no shards to add: the scenario "${scenario.name}" is one shard, because ` +
      reason,
    'leave --precision out',
  );
}

const UNKNOWN_HOST: ResultDocument['meta']['host'] = {
  commandLine: [], node: '', platform: '', workers: 0, wallSeconds: 0, interruptsPerSecond: 0,
};

/** All of a result that does not depend on the host. */
function describe(
  scenario: Scenario,
  totals: readonly PolicyTotal[],
  made: { seed: number; shards: number; warmup: Warmup },
): ResultDocument {
  const simulated = totals.map((total) => total.simulated());
  simulated.forEach(({ interrupts }, i) =>
    checkMeasured(made.warmup, interrupts, scenario.policies[i].name));
  const described = describeScenario(scenario);
  const { hash, abi, rules } = shippedKernel().identity;
  const precision: PrecisionReached | null = null;
  const sharded = totals.map((total) => ({ result: total.result(), figures: total.figures }));
  const judged = {
    schema: RESULT_SCHEMA,
    meta: {
      versions: { dpcbench: packageVersion(), abi, rules },
      kernelHash: hash,
      scenarioHash: hashScenario(described),
      seed: made.seed,
      shards: made.shards,
      warmup: made.warmup,
      precision,
      processors: scenario.machine.processors,
      durationNs: simulated[0].durationNs,
      interrupts: simulated.reduce((sum, total) => sum + total.interrupts, 0),
      host: UNKNOWN_HOST,
    },
    scenario: described,
    results: sharded.map(({ result }) => result),
    comparisons: comparePolicies(sharded),
  } as const;
  const { schema, meta, ...figures } = judged;
  return { schema, meta, warnings: warningsOf(judged), ...figures };
}

/**
 * Small runs stay on this thread. Large ones take workers, be it one, so that the main thread stays
 * free to show progress and to hear Ctrl-C.
 */
function executorFor(scenario: Scenario): Execute {
  const events = expectedEvents(scenario) * scenario.policies.length;
  return events < IN_PROCESS_EVENTS ? executeInProcess : executeInPool;
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
