import { RATE_NAMES } from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import { inputError } from '../errors.js';
import { type FigureNames, parseIntervalFigure } from '../stats/figure-path.js';
import { type FigurePath, type FigureValue, relativeHalfWidth } from '../stats/figure-path.js';
import { LATENCY_NAMES } from '../result/figures.js';
import { MAXIMUM_SHARDS, type ShardPlan } from './plan-shards.js';

/** Go on until half the interval of `figure` is at most `target` of it. */
export interface PrecisionGoal {
  /** Such as `vista.dpcWait.p99`; without a policy, `dpcWait.p99`, of all of them. */
  figure: string;
  /** Above 0 and below 1: 0.02 for 2 %. */
  target: number;
  /** The most shards; 1,000 if left out. */
  limit?: number;
}

export const DEFAULT_SHARD_LIMIT = 1_000;
/** With fewer the first estimate of the spread is too rough to plan by. */
export const FIRST_SHARDS = 10;

/** The names that figures of a run of this scenario may carry. */
export function figureNames(scenario: Pick<Scenario, 'policies' | 'sources'>): FigureNames {
  return {
    policies: scenario.policies.map(({ name }) => name),
    sources: scenario.sources.map(({ name }) => name),
    counters: [...RATE_NAMES, 'unserved'],
  };
}

/** Throws InputError for a figure without intervals, or a target or limit out of range. */
export function checkPrecision(scenario: Scenario, goal: PrecisionGoal): FigurePath[] {
  const { target, limit = DEFAULT_SHARD_LIMIT } = goal;
  if (!(target > 0 && target < 1)) {
    throw inputError(`--precision ${target * 100} %: must be above 0 % and below 100 %`);
  }
  if (!Number.isInteger(limit) || limit < FIRST_SHARDS || limit > MAXIMUM_SHARDS) {
    throw inputError(
      `--most-shards ${limit}: must be a whole number from ${FIRST_SHARDS} to ${MAXIMUM_SHARDS}`,
    );
  }
  const names = figureNames(scenario);
  const [first] = goal.figure.split('.');
  const isOfAll = [...LATENCY_NAMES, ...names.counters].some(
    (name) => first === name || first === `${name}PerThousand`,
  );
  if (!isOfAll || names.policies.includes(first)) return [parseIntervalFigure(goal.figure, names)];
  return names.policies.map((policy) => parseIntervalFigure(`${policy}.${goal.figure}`, names));
}

/**
 * Half the widest interval over its figure, of several figures; null if one has none. What is 0 in
 * every shard is known.
 */
export function worstHalfWidth(values: readonly FigureValue[]): number | null {
  const widths = values.map((figure) => {
    const { value, interval } = figure;
    return value === 0 && interval?.low === 0 && interval.high === 0
      ? 0
      : relativeHalfWidth(figure);
  });
  return widths.reduce<number | null>(
    (worst, width) => (worst === null || width === null ? null : Math.max(worst, width)),
    0,
  );
}

/**
 * How many shards to have next: an interval narrows with the square root of their number; a tenth
 * more, since its width is itself an estimate, and at most four times as many as there are.
 */
export function nextShards(shards: number, reached: number | null, goal: PrecisionGoal): number {
  const { target, limit = DEFAULT_SHARD_LIMIT } = goal;
  const wanted = reached === null ? 2 * shards : Math.ceil(shards * (reached / target) ** 2 * 1.1);
  return Math.min(limit, Math.max(shards + 1, Math.min(4 * shards, wanted)));
}

/** Further shards, each as long as the first. */
export function moreShards(plan: readonly ShardPlan[], count: number): ShardPlan[] {
  return Array.from({ length: count - plan.length }, (_, i) => ({
    ...plan[0],
    index: plan.length + i,
  }));
}
