import type { Shard } from '../kernel/shard.js';
import type { Scenario } from '../scenario/scenario.js';
import { expectedInterrupts, expectedTimeNs } from './expected-interrupts.js';

/** So many bins are wanted; a round width leaves a third of them less. */
const WANTED_BINS = 120;
const FEWEST_BINS = 30;
/** With fewer in a bin, a picture of them is little but chance. */
const INTERRUPTS_IN_BIN = 100;
/** Where nobody can tell how long a run is, bins begin with it and grow. */
const LEAST_BIN_NS = 1_000;
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The first shard of each policy is to be told over time, all in bins of the same width. */
export function binFirstShards(scenario: Scenario, shards: readonly Shard[]): void {
  for (const shard of shards) {
    if (shard.shardIndex === 0) shard.binNs = binNsOf(scenario, shard);
  }
}

/** How wide the bins of a shard are at first: a round number of ns. */
function binNsOf(scenario: Scenario, { untilInterrupts, untilTimeNs, warmupNs }: Shard): number {
  const measuredNs = untilTimeNs === null ? null : untilTimeNs - warmupNs;
  const until = { timeNs: measuredNs, interrupts: untilInterrupts };
  const measured = { ...scenario, until };
  const timeNs = warmupNs + expectedTimeNs(measured);
  if (!Number.isFinite(timeNs)) return LEAST_BIN_NS;
  const perNs = expectedInterrupts(measured) / Math.max(1, timeNs - warmupNs);
  const enough = Math.floor((perNs * timeNs) / INTERRUPTS_IN_BIN);
  const bins = Math.min(WANTED_BINS, Math.max(FEWEST_BINS, enough));
  return roundUp(Math.max(1, timeNs / bins));
}

/** To 1, 1.5, 2, 3 and so on, times a power of ten; a whole number. */
function roundUp(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(ns));
  const factor = ROUND.find((each) => each * power >= ns) ?? 10;
  return Math.ceil(factor * power);
}
