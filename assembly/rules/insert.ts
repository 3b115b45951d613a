import {
  REQUEST_IPI,
  REQUEST_LOCAL,
  REQUEST_NONE,
  REQUEST_SUPPRESSED,
  TARGET_CURRENT,
  TARGET_ROUND_ROBIN,
} from '../shared/abi';
import { ipiFlightNs, processorCount, suppressRequests } from '../ground/config';
import { enterIdleLoop } from './dispatch';
import { Dpc } from '../records/dpc';
import { linkDpc, linkThreaded } from './dpc-queue';
import { logInsert } from '../results/event-log';
import { cellOf, threadedCellOf } from '../results/census';
import { sendIpi } from './ipi';
import { conditionOf, factsOf, needsInterrupt } from './policy';
import { DPC_THREAD, Prcb } from '../records/prcb';
import { Scope } from '../records/scope';
import { prcbAt } from '../records/tables';

/** The processor whose queue the last insert changed, for those who keep its next event. */
export let lastTarget: Prcb = changetype<Prcb>(0);

export function startInserts(): void {
  lastTarget = changetype<Prcb>(0);
}

/** nt!KeInsertQueueDpc from `current` (R9, R10). True when it sent an IPI. */
// @ts-ignore: decorator
@inline
export function insertQueueDpc(current: Prcb, dpc: Dpc, nowNs: i64): bool {
  const target = targetOf(current, dpc);
  lastTarget = target;
  const countsAtTarget = dpc.isTimer || !dpc.source.soleTarget;
  if (dpc.queued) {
    if (!dpc.isTimer) dpc.source.coalesced++;
    if (countsAtTarget) target.coalesced++;
    logInsert(nowNs, current, dpc, target, 0, 0);
    return false;
  }
  if (dpc.threaded) return insertThreaded(current, target, dpc, nowNs);
  linkDpc(target, dpc, nowNs);
  if (!dpc.isTimer) dpc.source.queuedCount++;
  const request = requestDrain(current, target, dpc, nowNs);
  if (countsAtTarget) count(target, request);
  if (!dpc.isTimer) count(dpc.source, request);
  logInsert(nowNs, current, dpc, target, target.depth, request);
  // A polling processor takes up what is queued to it at this instant (R14).
  if (target.depth == 1 && target.isOnBottom() && !target.isThread && !target.isHalted(nowNs)) {
    enterIdleLoop(target, nowNs);
  }
  return request == REQUEST_IPI;
}

/** nt!KeInsertQueueDpc of a threaded object, which goes to its target's DPC thread (R22). */
function insertThreaded(current: Prcb, target: Prcb, dpc: Dpc, nowNs: i64): bool {
  linkThreaded(target, dpc, nowNs);
  dpc.source.queuedCount++;
  const request = requestDpcThread(current, target, nowNs);
  const condition = conditionOf(dpc.importance, current === target);
  dpc.cell = threadedCellOf(condition, request == REQUEST_SUPPRESSED);
  if (!dpc.source.soleTarget) count(target, request);
  count(dpc.source, request);
  logInsert(nowNs, current, dpc, target, target.threadedDepth, request);
  if (target.isOnBottom() && !target.isThread && !target.isHalted(nowNs)) {
    enterIdleLoop(target, nowNs);
  }
  return request == REQUEST_IPI;
}

/** R19. */
// @ts-ignore: decorator
@inline
export function targetOf(current: Prcb, dpc: Dpc): Prcb {
  const target = dpc.target;
  if (target == TARGET_CURRENT) return current;
  if (target != TARGET_ROUND_ROBIN) return prcbAt(target);
  return prcbAt(<i32>(dpc.source.queuedCount % processorCount));
}

/** The request rule (R10); answers REQUEST_*. */
// @ts-ignore: decorator
@inline
function requestDrain(current: Prcb, target: Prcb, dpc: Dpc, nowNs: i64): i32 {
  const isCurrent = current === target;
  const condition = conditionOf(dpc.importance, isCurrent);
  const facts = factsOf(target, nowNs);
  const isAsked = needsInterrupt(condition, facts);
  const isSuppressed = isAsked && suppressRequests && (target.draining || target.requested);
  dpc.cell = cellOf(facts, condition, isSuppressed);
  if (!isAsked) return REQUEST_NONE;
  if (isSuppressed) return REQUEST_SUPPRESSED;
  target.requested = true;
  if (isCurrent) {
    target.dispatchWaiting = true;
    return REQUEST_LOCAL;
  }
  sendIpi(target, nowNs + ipiFlightNs);
  return REQUEST_IPI;
}

/** The request rule of a threaded DPC, in place of R10; answers REQUEST_*. */
function requestDpcThread(current: Prcb, target: Prcb, nowNs: i64): i32 {
  if (target.signalled || target.bottom == DPC_THREAD) return REQUEST_SUPPRESSED;
  target.signalled = true;
  if (current === target) {
    target.dispatchWaiting = true;
    return REQUEST_LOCAL;
  }
  sendIpi(target, nowNs + ipiFlightNs);
  return REQUEST_IPI;
}

// @ts-ignore: decorator
@inline
function count(scope: Scope, request: i32): void {
  scope.inserts++;
  if (request == REQUEST_LOCAL) scope.localRequests++;
  else if (request == REQUEST_IPI) scope.ipis++;
  else if (request == REQUEST_SUPPRESSED) scope.suppressed++;
  else scope.declined++;
  if (!ASC_NO_ASSERT) assert(request >= REQUEST_NONE, 'a known request');
}
