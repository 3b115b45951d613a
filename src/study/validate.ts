import { shippedKernel } from '../disk/shipped-kernel.js';
import { RESOLUTION } from '../result/histogram.js';
import { CONFIDENCE, meanInterval, ratioInterval, ratioOfSums } from '../stats/interval.js';
import type { Interval } from '../result/document.js';
import type { ShardLine } from '../result/shard-line.js';
import type { ValidatedFigure, Validation } from '../stats/validation.js';
import { inputError } from '../errors.js';
import { formatCount } from '../units.js';
import { executeInProcess } from '../run/in-process.js';
import { executeInPool } from '../run/pool.js';
import { checkSeed } from '../run/seed.js';
import { planTasks, type Execute, type RunProgress } from '../run/tasks.js';
import { MOST_PER_SHARD, type ShardPlan } from '../run/plan-shards.js';
import type { ValidationCase, ValidationRow } from './validation-case.js';
import { validationCases } from './validation-cases.js';

export interface ValidateOptions {
  /** Simulated for each case that is random. */
  interrupts: number;
  seed?: number;
  workers: number;
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
}

const SHARDS = 20;
/**
 * A shard with fewer interrupts shows an instant: what comes right after its warm-up, which ends
 * where a tick begins.
 */
const LEAST_PER_SHARD = 1_000;
/**
 * Rows are shown at 95 % and judged so that chance alone refuses any of them in one run of a
 * thousand (C. Bonferroni): at 95 % two of some forty would fail.
 */
const CHANCE = 0.001;
/** From so many interrupts on, means must also be this close. */
const LARGE_RUN = 10_000_000;
const LARGE_RUN_TOLERANCE = 0.005;
/** Fewer and a case is over before workers have started. */
const IN_PROCESS_INTERRUPTS = 300_000;

/** Runs every special case of the machine and sets it against its closed form. */
export async function validate(
  options: ValidateOptions,
  cases: readonly ValidationCase[] = validationCases(),
): Promise<Validation> {
  const { interrupts } = options;
  const seed = checkSeed(options.seed);
  if (interrupts > SHARDS * MOST_PER_SHARD) {
    throw inputError(
      `${formatCount(interrupts)} interrupts of each case: ${SHARDS} shards count to ` +
        formatCount(SHARDS * MOST_PER_SHARD),
    );
  }
  const random = cases.reduce((sum, { isExact, rows }) => sum + (isExact ? 0 : rows.length), 0);
  const level = 1 - CHANCE / Math.max(1, random);
  const figures: ValidatedFigure[] = [];
  for (const [index, one] of cases.entries()) {
    const onProgress = (progress: RunProgress): void =>
      options.onProgress?.({ ...progress, share: (index + progress.share) / cases.length });
    const shards = await simulateCase(one, seed, { ...options, onProgress });
    figures.push(...one.rows.map((row) => judge(one, row, shards[row.policy], level, interrupts)));
  }
  return { schema: 'dpcbench-validation/1', interrupts, seed, shards: SHARDS, figures };
}

/** The lines of every shard, in their order, by policy. */
async function simulateCase(
  { scenario, warmupNs, isExact }: ValidationCase,
  seed: number,
  options: ValidateOptions,
): Promise<ShardLine[][]> {
  const { until } = scenario;
  const perShard = Math.ceil(options.interrupts / SHARDS);
  const plan: ShardPlan[] = isExact
    ? [{ index: 0, untilTimeNs: until.timeNs, untilInterrupts: until.interrupts }]
    : Array.from({ length: SHARDS }, (_, index) => ({
        index,
        untilTimeNs: null,
        untilInterrupts: perShard,
      }));
  const lines: ShardLine[][] = scenario.policies.map(() => []);
  const execute: Execute =
    options.interrupts < IN_PROCESS_INTERRUPTS || isExact ? executeInProcess : executeInPool;
  const shards = planTasks(scenario, plan, seed, warmupNs);
  const { workers, onProgress, signal } = options;
  await execute(scenario, shards, (sum) => lines[sum.policyIndex].push(...sum.lines), {
    kernel: shippedKernel(),
    workers,
    intervals: 'all',
    census: false,
    onProgress,
    signal,
  });
  return lines.map((some) => some.sort((a, b) => a.shardIndex - b.shardIndex));
}

function judge(
  { model, load, isExact }: ValidationCase,
  row: ValidationRow,
  shards: readonly ShardLine[],
  level: number,
  interrupts: number,
): ValidatedFigure {
  const { figure, unit, theory, isPercentile } = row;
  const shown = { model, load, figure, unit, theory, interval: null, isExact };
  const parts = shards.map(row.measure);
  const known = parts.filter((part) => part !== null);
  const numerators = known.map(({ numerator }) => numerator);
  const denominators = known.map(({ denominator }) => denominator);
  const measured = ratioOfSums(numerators, denominators);
  if (isExact) return { ...shown, measured, verdict: measured === theory ? 'agrees' : 'differs' };
  const intervalAt = (at: number): Interval | null =>
    isPercentile ? meanInterval(numerators, at) : ratioInterval(numerators, denominators, at);
  const interval = intervalAt(CONFIDENCE);
  const judged = intervalAt(level);
  const isShort = interrupts < SHARDS * LEAST_PER_SHARD;
  if (isShort || known.length < parts.length || interval === null || judged === null) {
    return { ...shown, measured: null, verdict: 'too few samples' };
  }
  const slack = isPercentile ? RESOLUTION * theory : 0;
  const isInside = judged.low - slack <= theory && theory <= judged.high + slack;
  const isClose =
    interrupts < LARGE_RUN ||
    isPercentile ||
    Math.abs(measured / theory - 1) <= LARGE_RUN_TOLERANCE;
  return { ...shown, measured, interval, verdict: isInside && isClose ? 'agrees' : 'differs' };
}
