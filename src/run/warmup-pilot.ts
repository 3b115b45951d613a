import { inputError } from '../errors.js';
import { type ShardRequest, traceShard, type TraceEvent } from '../kernel/simulate.js';
import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Warmup } from '../result/meta-shape.js';
import { findWarmup, type WarmupEnd } from '../stats/warmup.js';
import { formatNs } from '../units.js';
import { MAXIMUM_SHARDS, shardTimeNs, type ShardPlan } from './plan-shards.js';
import { startsAtZero, settlingTime, type SettlingTime } from './settling-time.js';

/** What the machine needs to settle; nothing, a time in ns, or a pilot run that finds the time. */
export type WarmupChoice = 'settle' | 'none' | 'auto' | number;

/** For which run a warm-up is chosen, and how. */
export interface WarmupRequest {
  seed: number;
  shards: readonly ShardPlan[];
  warmup: WarmupChoice;
  /** Only the debug build writes a log of events. */
  debugKernel: () => CompiledKernel;
}

/** The pilot of one policy ends with whichever comes first. */
const PILOT_INTERRUPTS = 100_000;
const PILOT_WAITS = 200_000;
/** Nothing is heard meanwhile, Ctrl-C neither: a machine of ticks alone ends after a second. */
const PILOT_EVENTS = 2_000_000;
/** A shard of its own, which no run carries out: the cut is not fitted to the data that it cuts. */
const PILOT_SHARD = MAXIMUM_SHARDS;

/**
 * What every shard leaves out at its start. With `settle` it is the settling time, or nothing where
 * the shard would measure less than that, and where arrivals are a list, which cannot begin in the
 * middle.
 *
 * With `auto` a pilot simulates the beginning of a shard under each policy, MSER-5 looks at the DPC
 * waits in the order in which DPCs start, and the latest cut of all policies holds for all: they
 * are compared on the same interrupts. At least the settling time goes in any case, or half a shard
 * if that is less: a statistic of waits does not see the adaptive threshold.
 *
 * @throws InputError when the warm-up would leave a shard nothing to measure.
 */
export function chooseWarmup(
  scenario: Scenario,
  { seed, shards, warmup: choice, debugKernel }: WarmupRequest,
  settling: SettlingTime = settlingTime(scenario),
): Warmup {
  const [shard] = shards;
  const shardNs = shardTimeNs(scenario, shard);
  if (choice === 'none') return { kind: 'none', ns: 0, method: '', found: true };
  if (choice === 'settle') {
    const found = shardNs >= settling.ns && !startsAtZero(scenario);
    return { kind: 'settle', ns: found ? settling.ns : 0, method: settling.slowest, found };
  }
  if (choice !== 'auto') return { kind: 'fixed', ns: choice, method: '', found: true };
  const pilots = scenario.policies.map((_, policyIndex) =>
    runPilot({ scenario, policyIndex, seed, shardIndex: PILOT_SHARD }, shard, debugKernel()),
  );
  const observations = Math.max(...pilots.map((pilot) => pilot.observations));
  const halfNs = Math.floor(shardNs / 2);
  return {
    kind: 'auto',
    ns: Math.max(Math.min(settling.ns, halfNs), ...pilots.map((pilot) => pilot.ns)),
    method:
      `MSER-5 on the DPC waits of a pilot of each policy (the longest: ${observations} DPCs), ` +
      `${formatNs(settling.ns)} at least for ${settling.slowest}`,
    found: settling.ns <= halfNs && pilots.every((pilot) => pilot.found),
  };
}

/**
 * Refuses a warm-up after which nothing was measured; a shard's interrupts count from its start.
 */
export function checkMeasured(warmup: Warmup, interrupts: number, policy: string): void {
  // Timers alone raise none; a settling time leaves the whole of a shard to measure.
  if (warmup.kind === 'none' || warmup.kind === 'settle' || interrupts > 0) return;
  throw inputError(
    `the warm-up of ${formatNs(warmup.ns)} leaves no interrupts to measure under ${policy}`,
    'simulate more with --interrupts or --time, use fewer --shards, or a shorter --warmup',
  );
}

interface Pilot {
  ns: number;
  found: boolean;
  observations: number;
}

class PilotEnd extends Error {}

function runPilot(
  machine: Pick<ShardRequest, 'scenario' | 'policyIndex' | 'seed' | 'shardIndex'>,
  shard: ShardPlan,
  kernel: CompiledKernel,
): Pilot {
  const waitsNs: number[] = [];
  const startsNs: number[] = [];
  let seen = 0;
  const collect = (events: TraceEvent[]): void => {
    seen += events.length;
    for (const event of events) {
      if (event.e !== 'dpc-start') continue;
      waitsNs.push(event.wait as number);
      startsNs.push(event.t);
    }
    if (waitsNs.length >= PILOT_WAITS || seen >= PILOT_EVENTS) throw new PilotEnd();
  };
  const untilInterrupts = Math.min(shard.untilInterrupts ?? Infinity, PILOT_INTERRUPTS);
  const { untilTimeNs } = shard;
  try {
    traceShard({ ...machine, untilTimeNs, untilInterrupts, warmupNs: 0 }, collect, { kernel });
  } catch (error) {
    if (!(error instanceof PilotEnd)) throw error;
  }
  const end: WarmupEnd = findWarmup(waitsNs);
  // A cut in the second half says only that the pilot is too short: half of it goes.
  const cut = end.found ? end.observations : Math.floor(waitsNs.length / 2);
  const ns = cut === 0 ? 0 : startsNs[cut];
  return { ns, found: end.found, observations: waitsNs.length };
}
