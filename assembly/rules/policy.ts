import {
  CONFIG_CONDITIONS, FACT_DEEP, FACT_IDLE, FACT_OVER, FACT_POLLING, FACT_RARE, FACT_SLOW,
} from '../shared/abi';
import {
  config, depthMargin, dynamicTick, insertAtHead, minimumDpcRate,
} from '../ground/config';
import { Prcb } from '../records/prcb';

/** What is true of a target right after a DPC was linked to its queue (R10). */
// @ts-ignore: decorator
@inline
function factsOf(target: Prcb, nowNs: i64): u32 {
  let facts: u32 = 0;
  if (target.depth >= target.maximumDepth + depthMargin) facts |= FACT_OVER;
  if (target.drainRate < minimumDpcRate) facts |= FACT_SLOW;
  if (target.requestRate < minimumDpcRate) facts |= FACT_RARE;
  if (target.isThread) return facts;
  if (!target.isHalted(nowNs)) return facts | FACT_IDLE | FACT_POLLING;
  return facts | FACT_IDLE | (dynamicTick ? FACT_DEEP : 0);
}

/**
 * Must queueing a DPC of `importance` interrupt `target` at once? Models the end of
 * nt!KeInsertQueueDpc: the condition's truth table is a 64-bit word, the facts are the bit's
 * number. It decides; the caller pays for a yes. Rule R10, docs/semantics.md.
 */
// @ts-ignore: decorator
@inline
export function needsInterrupt(importance: u32, target: Prcb, isCurrent: bool, nowNs: i64): bool {
  const word = isCurrent ? importance : importance + 4;
  const table = load<u64>(config + (<usize>(CONFIG_CONDITIONS + word) << 3));
  return ((table >> factsOf(target, nowNs)) & 1) != 0;
}

/** Does the policy link this importance at the head of the queue (R9)? */
// @ts-ignore: decorator
@inline
export function goesToHead(importance: u32): bool {
  return ((insertAtHead >> importance) & 1) != 0;
}
