import { NsSum } from '../ground/ns-sum';
import { Dpc } from '../records/dpc';
import { goesToHead } from './policy';
import { Prcb } from '../records/prcb';

/** Adds the time that each object on the queue has waited so far. */
export function addWaitsSoFar(sum: NsSum, prcb: Prcb, nowNs: i64): void {
  let dpc: Dpc | null = prcb.head;
  while (dpc !== null) {
    sum.addNs(nowNs - dpc.insertedNs);
    dpc = dpc.next;
  }
}

/** Links an object to a processor's queue, at the head or the tail as the policy says (R9). */
// @ts-ignore: decorator
@inline
export function linkDpc(prcb: Prcb, dpc: Dpc, nowNs: i64): void {
  if (!ASC_NO_ASSERT) assert(!dpc.queued, 'an object is on at most one queue');
  const head = prcb.head;
  if (head === null) {
    dpc.next = null;
    prcb.head = dpc;
    prcb.tail = dpc;
  } else if (goesToHead(dpc.importance)) {
    dpc.next = head;
    prcb.head = dpc;
  } else {
    dpc.next = null;
    prcb.tail!.next = dpc;
    prcb.tail = dpc;
  }
  dpc.queued = true;
  dpc.insertedNs = nowNs;
  dpc.queuedOn = changetype<usize>(prcb);
  prcb.depth++;
  prcb.insertsSinceTick++;
  if (prcb.depth > prcb.depthMaximum) prcb.depthMaximum = prcb.depth;
  if (!ASC_NO_ASSERT) assert(prcb.depth == lengthOf(prcb), 'depth equals list length');
}

/** Takes the object at the head; there must be one (R13). */
// @ts-ignore: decorator
@inline
export function unlinkHead(prcb: Prcb): Dpc {
  const dpc = prcb.head!;
  prcb.head = dpc.next;
  dpc.queued = false;
  prcb.depth--;
  prcb.dpcsSinceTick++;
  if (!ASC_NO_ASSERT) assert(prcb.depth == lengthOf(prcb), 'depth equals list length');
  return dpc;
}

function lengthOf(prcb: Prcb): i32 {
  let length = 0;
  let dpc: Dpc | null = prcb.head;
  while (dpc !== null) {
    length++;
    dpc = dpc.next;
  }
  return length;
}
