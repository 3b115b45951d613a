import { InputError } from '../errors.js';
import type { Shard } from '../kernel/shard.js';
import type { Scenario } from '../scenario/scenario.js';
import { quote } from '../units.js';

/**
 * What a shard threw, with all that it takes to see it again: a defect shows in one machine of
 * thousands. What the user can mend, and what the system refuses, is handed on as it is.
 */
export function failedShard(
  error: unknown,
  { name, policies }: Pick<Scenario, 'name' | 'policies'>,
  shards: readonly Pick<Shard, 'policyIndex' | 'seed' | 'shardIndex'>[],
  index: number,
): unknown {
  if (error instanceof InputError || !(error instanceof Error) || 'code' in error) return error;
  const { policyIndex, seed, shardIndex } = shards[index];
  const message =
    `${error.message}\nIt was in shard ${shardIndex} of the scenario ${quote(name)} under ` +
    `${policies[policyIndex].name}, seed ${seed}. To carry it out alone, add to the line: ` +
    `--shard ${index + 1}/${shards.length} --journal FILE`;
  const failed = new Error(message, { cause: error });
  failed.stack = `${message}\n${error.stack ?? ''}`;
  return failed;
}
