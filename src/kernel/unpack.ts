import type { Scenario } from '../scenario/scenario.js';
import { MachineSum } from './machine-sum.js';
import type { ShardOutcome } from './outcome.js';

/**
 * Reads the result block at `address` of a single shard, into which `finish` and `collect` wrote:
 * everything is copied, so that the kernel can go.
 */
export function unpackResult(
  buffer: ArrayBuffer,
  address: number,
  scenario: Scenario,
): ShardOutcome {
  const sum = MachineSum.create(scenario);
  const total = sum.addShard(buffer, address);
  sum.addLatencies(buffer, address);
  return sum.outcome(total);
}
