import { availableParallelism } from 'node:os';
import { inputError } from '../errors.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import { comparePolicies } from '../stats/compare-policies.js';
import { readShardedFigure } from '../stats/sharded-figure.js';
import { findDrift } from '../stats/drift.js';
import { warningsOf } from '../stats/warnings.js';
import { type FigurePath, relativeHalfWidth } from '../stats/figure-path.js';
import { LEAST_SHARDS } from '../stats/interval.js';
import type { ResultDocument } from '../result/document.js';
import type { PrecisionReached, Settling } from '../result/meta-shape.js';
import { RESULT_SCHEMA } from '../result/figures.js';
import { describeScenario, hashScenario } from './describe-scenario.js';
import { expectedEvents } from './expected-events.js';
import { executeInProcess } from './in-process.js';
import type { IntervalScope } from '../result/shard-line.js';
import { PolicyTotal } from './merge.js';
import { judgeSettling, planRun, type RunPlan } from './plan-run.js';
import type { ShardPlan } from './plan-shards.js';
import { executeInPool } from './pool.js';
import {
  checkPrecision,
  DEFAULT_SHARD_LIMIT,
  moreShards,
  nextShards,
  type PrecisionGoal,
} from './precision.js';
import { checkSeed } from './seed.js';
import { settlingTime, type SettlingTime } from './settling-time.js';
import { type Execute, planTasks, type RunProgress } from './tasks.js';
import { packageVersion } from '../disk/version.js';
import { checkMeasured, type WarmupChoice } from './warmup-pilot.js';

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
  /** Add shards until a figure's interval is narrow enough. */
  precision?: PrecisionGoal;
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
  const { seed, workers } = checkOptions(scenario, options);
  const { precision: goal } = options;
  const figure = goal === undefined ? null : checkPrecision(scenario, goal);
  const started = performance.now();
  const run = await simulateSettled(scenario, { ...options, seed, workers }, execute);
  run.totals.forEach((total, i) => {
    const { interrupts, isStopped } = total.simulated();
    // Machines that stopped in the warm-up are the answer, though nothing was measured.
    if (!isStopped) checkMeasured(run.plan.warmup, interrupts, scenario.policies[i].name);
  });
  const precision =
    goal === undefined || figure === null
      ? null
      : await simulateToPrecision(scenario, run, goal, figure);
  const document = describe(scenario, run, seed, precision);
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

/** Adds shards until the figure is known that well, and looks at nothing else of them. */
async function simulateToPrecision(
  scenario: Scenario,
  run: Run,
  goal: PrecisionGoal,
  path: FigurePath,
): Promise<PrecisionReached> {
  const { target, limit = DEFAULT_SHARD_LIMIT } = goal;
  for (;;) {
    const { shards } = run.plan;
    const hasIntervals = mayHaveIntervals(settlingOf(scenario, run));
    const sharded = run.totals.map((total) => ({
      result: total.machine(),
      figures: total.figures,
    }));
    const reached = relativeHalfWidth(readShardedFigure(sharded, hasIntervals, path));
    if ((reached !== null && reached <= target) || shards.length >= limit) {
      return { figure: path.text, target, reached, limit };
    }
    const added = moreShards(shards, nextShards(shards.length, reached, goal));
    await run.simulate(added);
    run.plan.shards = [...shards, ...added];
  }
}

/** So often a settling time that was too short is doubled. */
const MOST_LONGER = 3;

/** What has been simulated, and how to simulate more of it. */
interface Run {
  plan: RunPlan;
  settling: SettlingTime;
  totals: PolicyTotal[];
  simulate(added: readonly ShardPlan[]): Promise<void>;
}

/**
 * Simulates the shards. Where the figures then still drift, the settling time was too short: again
 * with one twice as long and fewer shards, as long as enough are left for intervals.
 */
async function simulateSettled(
  scenario: Scenario,
  options: RunOptions & { seed: number; workers: number },
  execute: Execute,
): Promise<Run> {
  const { precision, seed, shards = null, warmup = 'settle' } = options;
  const planned = { seed, shards, warmup, isToPrecision: precision !== undefined };
  let settling = settlingTime(scenario);
  let plan = planRun(scenario, planned, settling);
  for (let longer = 0; ; longer++) {
    const run = startRun(scenario, options, execute, plan, settling);
    await run.simulate(plan.shards);
    if (warmup !== 'settle' || plan.warmup.ns === 0 || longer === MOST_LONGER) return run;
    if (driftOf(scenario, run) === null) return run;
    settling = { ns: 2 * settling.ns, slowest: 'the drift that was measured' };
    plan = planRun(scenario, planned, settling);
    if (plan.warmup.ns === 0 || plan.shards.length < LEAST_SHARDS) return run;
  }
}

function startRun(
  scenario: Scenario,
  options: RunOptions & { seed: number; workers: number },
  execute: Execute,
  plan: RunPlan,
  settling: SettlingTime,
): Run {
  const { intervals, onProgress, seed, signal, workers } = options;
  const totals = scenario.policies.map((_, index) => new PolicyTotal(scenario, index));
  const simulate = async (added: readonly ShardPlan[]): Promise<void> => {
    const shards = planTasks(scenario, added, seed, plan.warmup.ns);
    await execute(scenario, shards, (sum) => totals[sum.policyIndex].add(sum), {
      kernel: shippedKernel(),
      workers,
      intervals,
      onProgress,
      signal,
    });
  };
  return { plan, settling, totals, simulate };
}

function driftOf({ policies }: Scenario, { totals }: Run): string | null {
  return findDrift(totals.map(({ halves }, i) => ({ name: policies[i].name, halves })));
}

function settlingOf(scenario: Scenario, run: Run): Settling {
  const drift = run.plan.warmup.ns > 0 ? driftOf(scenario, run) : null;
  return judgeSettling(scenario, run.plan, run.settling, drift);
}

/** Those of a machine that has not settled would pretend. */
function mayHaveIntervals({ state }: Settling): boolean {
  return state === 'settled' || state === 'from-start';
}

const UNKNOWN_HOST: ResultDocument['meta']['host'] = {
  commandLine: [],
  node: '',
  platform: '',
  workers: 0,
  wallSeconds: 0,
  interruptsPerSecond: 0,
};

/** All of a result that does not depend on the host. */
function describe(
  scenario: Scenario,
  run: Run,
  seed: number,
  precision: PrecisionReached | null,
): ResultDocument {
  const {
    plan: { shards, warmup },
    totals,
  } = run;
  const simulated = totals.map((total) => total.simulated());
  const described = describeScenario(scenario);
  const { hash, abi, rules } = shippedKernel().identity;
  const settling = settlingOf(scenario, run);
  const hasIntervals = mayHaveIntervals(settling);
  const sharded = totals.map((total) => ({
    result: total.result(hasIntervals),
    figures: total.figures,
  }));
  const judged = {
    schema: RESULT_SCHEMA,
    meta: {
      versions: { dpcbench: packageVersion(), abi, rules },
      kernelHash: hash,
      scenarioHash: hashScenario(described),
      seed,
      shards: shards.length,
      warmup,
      settling,
      precision,
      processors: scenario.machine.processors,
      durationNs: simulated[0].durationNs,
      interrupts: simulated.reduce((sum, total) => sum + total.interrupts, 0),
      host: UNKNOWN_HOST,
    },
    scenario: described,
    results: sharded.map(({ result }) => result),
    comparisons: comparePolicies(sharded, hasIntervals),
  } as const;
  const { schema, meta, ...figures } = judged;
  return { schema, meta, warnings: warningsOf(judged), ...figures };
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
