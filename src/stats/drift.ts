import type { Observation, ShardHalves } from '../result/observation.js';
import { average, deviation, LEAST_SHARDS } from './interval.js';
import { studentTQuantile } from './student-t.js';

/** So often a settled machine is said to drift, whatever the number of figures looked at. */
const CHANCE = 0.01;

/** A figure of the first and of the second half of what a shard measured. */
interface Watched {
  what: string;
  first: (halves: ShardHalves) => number;
  second: (halves: ShardHalves) => number;
}

function inHalves(what: string, figure: (from: Observation, to: Observation) => number): Watched {
  return {
    what,
    first: ({ begin, half }) => figure(begin, half),
    second: ({ end, half }) => figure(half, end),
  };
}

const per = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);

const WATCHED: readonly Watched[] = [
  inHalves('the share of IPIs', (a, b) => per(b.ipis - a.ipis, b.arrivals - a.arrivals)),
  inHalves('the DPC latency', (a, b) => per(b.dpcWaitNs - a.dpcWaitNs, b.dpcs - a.dpcs)),
  inHalves('the time from interrupt to DPC', (a, b) =>
    per(b.interruptToDpcNs - a.interruptToDpcNs, b.arrivals - a.arrivals),
  ),
  {
    what: 'the maximum queue depth',
    first: ({ begin }) => begin.maximumDepths,
    second: ({ end }) => end.maximumDepths,
  },
];

/**
 * What is not the same, over shards, in the first and the second half of what they measured: the
 * machine has not settled. One list of shards for each policy, and its name. Null when nothing is
 * beyond chance (Student's t of the paired differences, C. Bonferroni's share of 1 % for each), and
 * with fewer than five shards, which cannot tell.
 */
export function findDrift(
  policies: readonly { name: string; halves: readonly ShardHalves[] }[],
): string | null {
  const chance = CHANCE / (policies.length * WATCHED.length);
  for (const { name, halves } of policies) {
    if (halves.length < LEAST_SHARDS) continue;
    const ordered = [...halves].sort((a, b) => a.shardIndex - b.shardIndex);
    for (const { what, first, second } of WATCHED) {
      const differences = ordered.map((shard) => second(shard) - first(shard));
      if (isBeyondChance(differences, chance)) return `${what} under ${name}`;
    }
  }
  return null;
}

function isBeyondChance(differences: readonly number[], chance: number): boolean {
  const n = differences.length;
  const error = deviation(differences) / Math.sqrt(n);
  return Math.abs(average(differences)) > studentTQuantile(1 - chance / 2, n - 1) * error;
}
