import { inputError } from '../errors.js';
import type { Arrivals, Background, Distribution, Scenario, Source } from '../scenario/scenario.js';
import { isConstant } from '../stats/share-over.js';
import { formatCount } from '../units.js';
import { expectedInterrupts, expectedTimeNs } from './expected-interrupts.js';
import { isListedSource, settlingTime } from './settling-time.js';

/**
 * Cuts a run into shards: whole simulated machines that share the scenario and nothing else.
 *
 * A shard's random streams are a function of the run's seed and the shard's index, so a result
 * depends on the scenario alone and never on how many workers happened to carry it. The promise is
 * kept by test/determinism/worker-count.test.ts, which compares 1, 2 and 7 workers byte for byte.
 */
export interface ShardPlan {
  index: number;
  untilTimeNs: number | null;
  untilInterrupts: number | null;
}

/** With fewer in a shard, or fewer for each processor, its percentiles are little but chance. */
const INTERRUPTS_PER_SHARD = 2_000;
const INTERRUPTS_PER_PROCESSOR = 500;
/**
 * A shard measures at least so many settling times: what one of them finds is then little like what
 * its warm-up left, and at most a third of the work is warm-up.
 */
export const SETTLING_TIMES_PER_SHARD = 2;
/** Shards without `--shards`: enough for many processors and for intervals over shards. */
const DEFAULT_SHARDS = 20;
export const MAXIMUM_SHARDS = 10_000;
/** A bucket of a shard's histogram counts to 2^32 − 1, and an interrupt may take several DPCs. */
export const MOST_PER_SHARD = 1_000_000_000;

/**
 * The shards of a run, in order. Interrupts and time are divided evenly, the rest to the first.
 * What a shard leaves out at its start comes before them. Unless their number is given, none is
 * shorter than a few of the settling times.
 *
 * A scenario with a fixed list of arrivals (times, a recording) or without any randomness is one
 * shard: others would only repeat its beginning.
 *
 * @throws InputError when `shards` is out of range or the scenario cannot be cut.
 */
export function planShards(
  scenario: Scenario,
  shards: number | null = null,
  settlingNs = settlingTime(scenario).ns,
): ShardPlan[] {
  const { timeNs, interrupts } = scenario.until;
  const count = shards ?? defaultShards(scenario, settlingNs);
  checkShards(scenario, count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    untilTimeNs: timeNs === null ? null : part(timeNs, count, index),
    untilInterrupts: interrupts === null ? null : part(interrupts, count, index),
  }));
}

/**
 * The number of shards in which two scenarios can be cut alike, so that they make pairs: of the two
 * numbers that they would have, the smaller one. Null where one of them is one shard.
 */
export function commonShards(a: Scenario, b: Scenario): number | null {
  const [one, other] = [a, b].map((scenario) => planShards(scenario).length);
  return one === 1 || other === 1 ? null : Math.min(one, other);
}

function defaultShards(scenario: Scenario, settlingNs: number): number {
  if (wholeBecause(scenario) !== '') return 1;
  const expected = expectedInterrupts(scenario);
  const leastNs = SETTLING_TIMES_PER_SHARD * settlingNs;
  const settled = Math.floor(
    Math.min(expected / leastInterrupts(scenario), expectedTimeNs(scenario) / leastNs),
  );
  const shards = Math.min(DEFAULT_SHARDS, Math.max(1, settled));
  return Math.min(MAXIMUM_SHARDS, Math.max(shards, Math.ceil(expected / MOST_PER_SHARD)));
}

/** What a shard simulates at least, unless the number of shards is given. */
export function leastInterrupts({ machine }: Scenario): number {
  return Math.max(INTERRUPTS_PER_SHARD, machine.processors * INTERRUPTS_PER_PROCESSOR);
}

/** About how long a shard measures, in ns. */
export function shardTimeNs(
  scenario: Scenario,
  { untilInterrupts, untilTimeNs }: ShardPlan,
): number {
  const until = { timeNs: untilTimeNs, interrupts: untilInterrupts };
  return expectedTimeNs({ ...scenario, until });
}

function checkShards(scenario: Scenario, count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_SHARDS) {
    throw inputError(`--shards ${count}: must be a whole number from 1 to ${MAXIMUM_SHARDS}`);
  }
  const reason = wholeBecause(scenario);
  if (count > 1 && reason !== '') {
    throw inputError(
      `--shards ${count}: the scenario "${scenario.name}" is one shard, because ${reason}`,
      'leave --shards out',
    );
  }
  const { timeNs, interrupts } = scenario.until;
  const expected = Math.round(expectedInterrupts(scenario));
  if (expected > count * MOST_PER_SHARD) {
    throw inputError(
      `${formatCount(expected)} interrupts in ${count} ${count === 1 ? 'shard' : 'shards'}: ` +
        `a shard counts to ${formatCount(MOST_PER_SHARD)}`,
      reason === '' && count < MAXIMUM_SHARDS
        ? 'use more shards, or a shorter run'
        : 'use a shorter run',
    );
  }
  const least = Math.min(timeNs ?? Infinity, interrupts ?? Infinity);
  if (count > 1 && count > least) {
    throw inputError(`--shards ${count}: only ${least} to divide among them`, 'use fewer shards');
  }
}

function part(whole: number, count: number, index: number): number {
  return Math.floor(whole / count) + (index < whole % count ? 1 : 0);
}

/** Why a scenario cannot be cut, or "". */
export function wholeBecause(scenario: Scenario): string {
  const listed = scenario.sources.find(isListedSource);
  if (listed !== undefined) {
    return `the arrivals of "${listed.name}" are a list that every shard would begin anew`;
  }
  const isRandom =
    scenario.sources.some(isRandomSource) || scenario.machine.background.some(isRandomBackground);
  return isRandom ? '' : 'nothing in it is random and every shard would be the same';
}

function isRandomSource(source: Source): boolean {
  if (source.kind === 'timer') return !isConstant(source.service);
  const durations: Distribution[] = [source.isr, ...arrivalDurations(source.arrivals)];
  if (source.dpc !== null) durations.push(source.dpc.service, source.dpc.perItem);
  return !durations.every(isConstant);
}

function arrivalDurations(arrivals: Arrivals): Distribution[] {
  switch (arrivals.kind) {
    case 'renewal':
      return [arrivals.gap];
    case 'periodic':
      return [arrivals.jitter];
    case 'bursts':
      return [arrivals.on, arrivals.off, arrivals.gap];
    default:
      return [];
  }
}

function isRandomBackground(background: Background): boolean {
  const { busy, idle, passive, dispatch } = background;
  return ![busy, idle, passive, dispatch].every(isConstant);
}
