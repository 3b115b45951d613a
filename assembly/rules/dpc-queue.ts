import { NsSum } from '../ground/ns-sum';
import { Dpc } from '../records/dpc';
import { goesToHead } from './policy';
import { Prcb } from '../records/prcb';

/** Adds the time that each object on the two lists has waited so far. */
export function addWaitsSoFar(sum: NsSum, prcb: Prcb, nowNs: i64): void {
  addWaits(sum, prcb.head, nowNs);
  if (prcb.threadedDepth > 0) addWaits(sum, prcb.dpcThread.head, nowNs);
}

function addWaits(sum: NsSum, head: Dpc | null, nowNs: i64): void {
  let dpc: Dpc | null = head;
  while (dpc !== null) {
    sum.addNs(nowNs - dpc.insertedNs);
    dpc = dpc.next;
  }
}

/** Links an object to a processor's queue (R9). */
// @ts-ignore: decorator
@inline
export function linkDpc(prcb: Prcb, dpc: Dpc, nowNs: i64): void {
  link(prcb, dpc);
  prcb.depth++;
  prcb.insertsSinceTick++;
  noteLinked(prcb, dpc, nowNs);
  if (!ASC_NO_ASSERT) assert(prcb.depth == lengthOf(prcb.head), 'depth equals list length');
}

/** Links a threaded object to the list of a processor's DPC thread (R22). */
export function linkThreaded(prcb: Prcb, dpc: Dpc, nowNs: i64): void {
  const thread = prcb.dpcThread;
  link(thread, dpc);
  prcb.threadedDepth++;
  noteLinked(prcb, dpc, nowNs);
  if (!ASC_NO_ASSERT) assert(prcb.threadedDepth == lengthOf(thread.head), 'as long as it is deep');
}

/** At the head or the tail, as the policy says. */
// @ts-ignore: decorator
@inline
function link<List>(list: List, dpc: Dpc): void {
  if (!ASC_NO_ASSERT) assert(!dpc.queued, 'an object is on at most one queue');
  const head = list.head;
  if (head === null) {
    dpc.next = null;
    list.head = dpc;
    list.tail = dpc;
  } else if (goesToHead(dpc.importance)) {
    dpc.next = head;
    list.head = dpc;
  } else {
    dpc.next = null;
    list.tail!.next = dpc;
    list.tail = dpc;
  }
}

// @ts-ignore: decorator
@inline
function noteLinked(prcb: Prcb, dpc: Dpc, nowNs: i64): void {
  dpc.queued = true;
  dpc.insertedNs = nowNs;
  dpc.queuedOn = changetype<usize>(prcb);
  const depth = prcb.depth + prcb.threadedDepth;
  if (depth > prcb.depthMaximum) prcb.depthMaximum = depth;
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
  if (!ASC_NO_ASSERT) assert(prcb.depth == lengthOf(prcb.head), 'depth equals list length');
  return dpc;
}

/** Takes the object at the head of the DPC thread's list; there must be one (R22). */
export function unlinkThreaded(prcb: Prcb): Dpc {
  const thread = prcb.dpcThread;
  const dpc = thread.head!;
  thread.head = dpc.next;
  dpc.queued = false;
  prcb.threadedDepth--;
  return dpc;
}

function lengthOf(head: Dpc | null): i32 {
  let length = 0;
  let dpc: Dpc | null = head;
  while (dpc !== null) {
    length++;
    dpc = dpc.next;
  }
  return length;
}
