import type { Scenario } from '../scenario/scenario.js';
import type { Pass, Share } from './kept-shards.js';
import { partOf } from './part.js';

/** Shards that nobody has finished, and nobody here is to carry out. */
export class ShardsMissing extends Error {
  override readonly name = 'ShardsMissing';
  constructor(
    /** Places in the plan of the pass. */
    readonly missing: readonly number[],
    readonly pass: Pass,
  ) {
    super(`${missing.length} of ${pass.shards.length} shards are missing`);
  }
}

/** Carries out the shards of which `isOwn` holds, and no other. */
export function shareOf(isOwn: (index: number) => boolean): Share {
  return {
    isOwn,
    refuse: (missing, pass) => {
      throw new ShardsMissing(missing, pass);
    },
  };
}

/** So many shards are named before the rest is counted. */
const NAMED = 10;

/** `shards 4 and 12 under vista`, with at most a few of them; from 1. */
export function nameShards(
  { missing, pass }: ShardsMissing,
  { policies }: Pick<Scenario, 'policies'>,
): string {
  const named = missing.slice(0, NAMED).map((place) => pass.shards[place]);
  const lists = policies.flatMap(({ name }, policyIndex) => {
    const own = named.filter((shard) => shard.policyIndex === policyIndex);
    const indexes = own.map(({ shardIndex }) => shardIndex);
    return own.length === 0 ? [] : [`${indexes.join(', ')} under ${name}`];
  });
  const more = missing.length - named.length;
  return `shards ${lists.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** The parts that missing shards belong to, ascending. */
export function missingParts({ missing }: ShardsMissing, count: number): number[] {
  return [...new Set(missing.map((place) => partOf(place, { count })))].sort((a, b) => a - b);
}

/** Why a run has another round; "" in the first one. */
export function roundReason({ pass }: ShardsMissing, isToPrecision: boolean): string {
  if (pass.number === 1) return '';
  return isToPrecision
    ? 'more shards are needed for the precision'
    : 'the figures still drift, and longer shards settle them';
}
