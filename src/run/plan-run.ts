import { inputError } from '../errors.js';
import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { Settling, Warmup } from '../result/meta-shape.js';
import { LIMITS } from '../scenario/limits.js';
import type { Scenario } from '../scenario/scenario.js';
import { LEAST_SHARDS } from '../stats/interval.js';
import { formatNs } from '../units.js';
import { expectedInterrupts, expectedTimeNs } from './expected-interrupts.js';
import {
  leastInterrupts,
  planShards,
  SETTLING_TIMES_PER_SHARD,
  type ShardPlan,
  shardTimeNs,
  wholeBecause,
} from './plan-shards.js';
import { FIRST_SHARDS } from './precision.js';
import { isListedSource, startsAtZero, type SettlingTime } from './settling-time.js';
import { chooseWarmup, type WarmupChoice } from './warmup-pilot.js';

/** How a run is cut, and what each shard leaves out at its start. */
export interface RunPlan {
  shards: ShardPlan[];
  warmup: Warmup;
}

export interface PlanOptions {
  seed: number;
  shards: number | null;
  warmup: WarmupChoice;
  /** A run to a precision starts with enough shards to see how much they differ. */
  isToPrecision: boolean;
  /** For a pilot: only the debug build writes a log of events. */
  debugKernel: () => CompiledKernel;
}

/** @throws InputError when the scenario cannot be cut like that. */
export function planRun(scenario: Scenario, options: PlanOptions, settling: SettlingTime): RunPlan {
  const shards = options.isToPrecision
    ? shardsToPrecision(scenario, options, settling)
    : planShards(scenario, options.shards, settling.ns);
  return { shards, warmup: chooseWarmup(scenario, { ...options, shards }, settling) };
}

function shardsToPrecision(
  scenario: Scenario,
  { shards }: PlanOptions,
  settling: SettlingTime,
): ShardPlan[] {
  const planned = planShards(scenario, shards, settling.ns);
  if (planned.length >= FIRST_SHARDS) return planned;
  const reason = wholeBecause(scenario);
  if (reason !== '') {
    throw inputError(
      `--precision has no shards to add: the scenario "${scenario.name}" is one shard, because ` +
        reason,
      'leave --precision out',
    );
  }
  const first = planShards(scenario, FIRST_SHARDS);
  const leastNs = SETTLING_TIMES_PER_SHARD * settling.ns;
  const times = shards === null ? Math.max(1, leastNs / shardTimeNs(scenario, first[0])) : 1;
  const longer = (part: number | null): number | null => part && Math.ceil(part * times);
  return first.map((shard) => ({
    ...shard,
    untilTimeNs: longer(shard.untilTimeNs),
    untilInterrupts: longer(shard.untilInterrupts),
  }));
}

/**
 * What the result says of its start. `drift` is what the halves of what was measured disagree in,
 * or null.
 */
export function judgeSettling(
  scenario: Scenario,
  { shards, warmup }: RunPlan,
  settling: SettlingTime,
  drift: string | null,
): Settling {
  const whole = wholeBecause(scenario);
  const least = Math.max(LEAST_SHARDS, shards.length);
  const wantedNs = timeForShardsNs(scenario, least, settling);
  // Fewer shards than that time would make: they were given, or are those of another run too.
  const isThere = shards.length < LEAST_SHARDS && wantedNs < ALMOST * expectedTimeNs(scenario);
  const enough = simulateAtLeast(isThere ? least * shardTimeNs(scenario, shards[0]) : wantedNs);
  const said = shards.length === 1 ? '1 shard says' : `${shards.length} shards say`;
  const few =
    whole === '' && shards.length < LEAST_SHARDS
      ? `No intervals: ${said} too little about chance; ${enough}.`
      : '';
  const judged = (state: Settling['state'], sentence: string): Settling => ({
    state,
    ns: settling.ns,
    slowest: settling.slowest,
    sentence,
  });
  if (drift !== null) {
    const longer = simulateAtLeast(4 * expectedTimeNs(scenario));
    return judged(
      'drifting',
      `Not settled: ${drift} still differs between the first and the second half of what was ` +
        `measured; ${longer}.`,
    );
  }
  const isCut = warmup.ns > 0;
  if (startsAtZero(scenario)) {
    return judged(
      'from-start',
      `${scenario.sources.some(isListedSource) ? 'A list of arrivals' : 'What timers do'} starts ` +
        `where it starts: ${isCut ? '' : 'nothing is cut, and '}` +
        'one machine has no intervals.',
    );
  }
  const unsure = whole === '' ? few : 'No intervals: nothing here is random.';
  if (warmup.kind === 'none') return judged('from-start', unsure);
  if (warmup.kind !== 'settle' || isCut) return judged('settled', unsure);
  const lastsNs = Math.min(...shards.map((shard) => shardTimeNs(scenario, shard)));
  return judged(
    'too-short',
    `Not settled: ${shards.length === 1 ? 'the run' : 'each shard'} is over after ` +
      `${formatNs(lastsNs)}, and to forget the start takes ${formatNs(settling.ns)} ` +
      `(${settling.slowest}); ${enough}.`,
  );
}

/** A time that is so little longer is none to advise. */
const ALMOST = 1.02;

function timeForShardsNs(scenario: Scenario, shards: number, settling: SettlingTime): number {
  const perInterruptNs = expectedTimeNs(scenario) / expectedInterrupts(scenario);
  const interruptsNs = leastInterrupts(scenario) * perInterruptNs;
  const settledNs = SETTLING_TIMES_PER_SHARD * settling.ns;
  return shards * Math.max(settledNs, Number.isFinite(interruptsNs) ? interruptsNs : 0);
}

/** `simulate at least 25 s (--time 25s)`, rounded up to what is easily typed. */
function simulateAtLeast(ns: number): string {
  if (ns > Number(LIMITS.spanNs)) return 'no run can be long enough for that';
  const ms = Math.ceil(ns / 1e6);
  const [value, unit] = ms < 10_000 ? [ms, 'ms'] : [Math.ceil(ms / 1000), 's'];
  return `simulate at least ${value} ${unit} (--time ${value}${unit})`;
}
