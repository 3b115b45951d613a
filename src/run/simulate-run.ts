import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { ResultDocument } from '../result/document.js';
import { RESULT_SCHEMA } from '../result/figures.js';
import type { PrecisionReached, Settling } from '../result/meta-shape.js';
import { timeColumns } from '../result/time-columns.js';
import type { IntervalScope } from '../result/shard-line.js';
import { guessFocus } from '../scenario/guess-focus.js';
import type { Scenario } from '../scenario/scenario.js';
import { answerOf } from '../stats/answer.js';
import { comparePolicies } from '../stats/compare-policies.js';
import { findDrift } from '../stats/drift.js';
import type { FigurePath } from '../stats/figure-path.js';
import { LEAST_SHARDS } from '../stats/interval.js';
import type { ShardFigures } from '../stats/shard-figures.js';
import { readShardedFigure } from '../stats/sharded-figure.js';
import { warningsOf } from '../stats/warnings.js';
import { describeScenario, hashScenario, type Sha256 } from './describe-scenario.js';
import { PolicyTotal } from './merge.js';
import { binFirstShards } from './plan-bins.js';
import { judgeSettling, planRun, type RunPlan } from './plan-run.js';
import type { ShardPlan } from './plan-shards.js';
import {
  checkPrecision,
  DEFAULT_SHARD_LIMIT,
  moreShards,
  nextShards,
  type PrecisionGoal,
  worstHalfWidth,
} from './precision.js';
import { settlingTime, type SettlingTime } from './settling-time.js';
import { type Execute, planTasks, type RunProgress } from './tasks.js';
import { checkMeasured, type WarmupChoice } from './warmup-pilot.js';

// Pure: the command line runs by it, and the live page in a browser. What they find is the same.

/** What a run stands on: from the disk in Node, out of its own text in a page. */
export interface RunGround {
  kernel: CompiledKernel;
  /** Asked for when a pilot looks for the warm-up. */
  debugKernel: () => CompiledKernel;
  sha256: Sha256;
  /** The program's. */
  version: string;
}

export interface SimulateOptions {
  seed: number;
  workers: number;
  shards?: number | null;
  warmup?: WarmupChoice;
  intervals?: IntervalScope;
  /** The first shard is told over its simulated time too. */
  overTime?: boolean;
  census?: boolean;
  precision?: PrecisionGoal;
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
}

/**
 * Simulates the scenario under each of its policies and adds shards up. The document is a function
 * of scenario, options and kernel; `meta.host` is left blank.
 *
 * @throws InputError for a scenario that cannot be run; RunCancelled when aborted.
 */
export async function simulateRun(
  scenario: Scenario,
  options: SimulateOptions,
  ground: RunGround,
  execute: Execute,
): Promise<ResultDocument> {
  return (await simulateExperiment(scenario, options, ground, execute)).document;
}

/** A result, and the figures of its shards, policy by policy: two runs make pairs of them. */
export interface SimulatedRun {
  document: ResultDocument;
  figures: ShardFigures[];
}

/** As `simulateRun`, with the figures of each shard. */
export async function simulateExperiment(
  written: Scenario,
  options: SimulateOptions,
  ground: RunGround,
  execute: Execute,
): Promise<SimulatedRun> {
  const { precision: goal, seed } = options;
  const focus = written.focus ?? guessFocus(written);
  const scenario: Scenario = { ...written, focus };
  const figures = goal === undefined ? [] : checkPrecision(scenario, goal);
  const run = await simulateSettled(scenario, options, ground, execute);
  run.totals.forEach((total, i) => {
    const { interrupts, isStopped } = total.simulated();
    // Machines that stopped in the warm-up are the answer, though nothing was measured.
    if (!isStopped) checkMeasured(run.plan.warmup, interrupts, scenario.policies[i].name);
  });
  const precision =
    goal === undefined ? null : await simulateToPrecision(scenario, run, goal, figures);
  const document = describe(scenario, run, seed, precision, ground);
  document.answer = answerOf(
    { focus, isGuess: written.focus === undefined },
    run.totals.map((total) => total.focused()),
    mayHaveIntervals(document.meta.settling),
  );
  return {
    document,
    figures: run.totals.map((total) => total.figures),
  };
}

/** Adds shards until the figures are known that well, and looks at nothing else of them. */
async function simulateToPrecision(
  scenario: Scenario,
  run: Run,
  goal: PrecisionGoal,
  paths: readonly FigurePath[],
): Promise<PrecisionReached> {
  const { target, limit = DEFAULT_SHARD_LIMIT } = goal;
  for (;;) {
    const { shards } = run.plan;
    const hasIntervals = mayHaveIntervals(settlingOf(scenario, run));
    const sharded = run.totals.map((total) => ({
      result: total.machine(),
      figures: total.figures,
    }));
    const reached = worstHalfWidth(
      paths.map((path) => readShardedFigure(sharded, hasIntervals, path)),
    );
    if ((reached !== null && reached <= target) || shards.length >= limit) {
      return { figure: goal.figure, target, reached, limit };
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
  options: SimulateOptions,
  ground: RunGround,
  execute: Execute,
): Promise<Run> {
  const { precision, seed, shards = null, warmup = 'settle' } = options;
  const isToPrecision = precision !== undefined;
  const planned = { seed, shards, warmup, isToPrecision, debugKernel: ground.debugKernel };
  let settling = settlingTime(scenario);
  let plan = planRun(scenario, planned, settling);
  for (let longer = 0; ; longer++) {
    const run = startRun(scenario, options, { ground, execute, plan, settling });
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
  options: SimulateOptions,
  {
    ground,
    execute,
    plan,
    settling,
  }: { ground: RunGround; execute: Execute; plan: RunPlan; settling: SettlingTime },
): Run {
  const { census, intervals, onProgress, overTime, seed, signal, workers } = options;
  const totals = scenario.policies.map((_, index) => new PolicyTotal(scenario, index));
  const simulate = async (added: readonly ShardPlan[]): Promise<void> => {
    const shards = planTasks(scenario, added, seed, plan.warmup.ns);
    if (overTime === true) binFirstShards(scenario, shards);
    await execute(scenario, shards, (sum) => totals[sum.policyIndex].add(sum), {
      kernel: ground.kernel,
      workers,
      census,
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
  worstCommand: null,
  wallSeconds: 0,
  interruptsPerSecond: 0,
};

/** All of a result that does not depend on the host. */
function describe(
  scenario: Scenario,
  run: Run,
  seed: number,
  precision: PrecisionReached | null,
  { kernel, sha256, version }: RunGround,
): ResultDocument {
  const {
    plan: { shards, warmup },
    totals,
  } = run;
  const simulated = totals.map((total) => total.simulated());
  const described = describeScenario(scenario, sha256);
  const { hash, abi, rules } = kernel.identity;
  const settling = settlingOf(scenario, run);
  const hasIntervals = mayHaveIntervals(settling);
  const overTime = timeColumns(
    totals.map((total) => total.overTime),
    scenario.machine.processors,
  );
  const sharded = totals.map((total, i) => ({
    result: total.result(hasIntervals, overTime[i]),
    figures: total.figures,
  }));
  const judged = {
    schema: RESULT_SCHEMA,
    meta: {
      versions: { dpcbench: version, abi, rules },
      kernelHash: hash,
      scenarioHash: hashScenario(described, sha256),
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
    answer: null,
    results: sharded.map(({ result }) => result),
    comparisons: comparePolicies(sharded, hasIntervals),
  } as const;
  const { schema, meta, ...figures } = judged;
  return { schema, meta, warnings: warningsOf(judged), ...figures };
}
