import type { Scenario } from '../scenario/scenario.js';
import { PolicySum } from './policy-sum.js';
import type { ShardOutcome } from '../result/outcome.js';
import { ResultBlock } from './result-block.js';

/**
 * Reads the result block at `address` of a single shard, into which `finish` and `collect` wrote:
 * everything is copied, so that the kernel can go.
 */
export function unpackResult(
  buffer: ArrayBuffer,
  address: number,
  scenario: Scenario,
): ShardOutcome {
  const block = new ResultBlock(buffer, address);
  const sum = PolicySum.create(scenario, 0);
  sum.addLine(block.line(scenario, 0));
  sum.addBlock(block, (packer, slot) => packer.addHistogram(block.histogram(slot)));
  return sum.outcome();
}
