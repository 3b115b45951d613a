import {
  CONFIG_CONDITIONS,
  FACT_DEEP,
  FACT_IDLE,
  FACT_OVER,
  FACT_POLLING,
  FACT_RARE,
  FACT_SLOW,
} from '../shared/abi';
import { config, depthMargin, dynamicTick, insertAtHead, minimumDpcRate } from '../ground/config';
import { Prcb } from '../records/prcb';

/** What is true of a target right after a DPC was linked to its queue (R10). */
// @ts-ignore: decorator
@inline
export function factsOf(target: Prcb, nowNs: i64): u32 {
  let facts: u32 = 0;
  if (target.depth >= target.maximumDepth + depthMargin) facts |= FACT_OVER;
  if (target.drainRate < minimumDpcRate) facts |= FACT_SLOW;
  if (target.requestRate < minimumDpcRate) facts |= FACT_RARE;
  if (target.isThread) return facts;
  if (!target.isHalted(nowNs)) return facts | FACT_IDLE | FACT_POLLING;
  return facts | FACT_IDLE | (dynamicTick ? FACT_DEEP : 0);
}

/** Which of the policy's conditions is asked. */
// @ts-ignore: decorator
@inline
export function conditionOf(importance: u32, isCurrent: bool): u32 {
  return isCurrent ? importance : importance + 4;
}

/**
 * Must queueing a DPC interrupt a target of which `facts` are true at once? Models the end of
 * nt!KeInsertQueueDpc: the condition's truth table is a 64-bit word, the facts are the bit's
 * number. It decides; the caller pays for a yes. Rule R10, docs/semantics.md.
 */
// @ts-ignore: decorator
@inline
export function needsInterrupt(condition: u32, facts: u32): bool {
  const table = load<u64>(config + ((<usize>(CONFIG_CONDITIONS + condition)) << 3));
  return ((table >> facts) & 1) != 0;
}

/** Does the policy link this importance at the head of the queue (R9)? */
// @ts-ignore: decorator
@inline
export function goesToHead(importance: u32): bool {
  return ((insertAtHead >> importance) & 1) != 0;
}
