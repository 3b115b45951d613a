import { raiseDispatch, retireNext, settle, startDpcThread, startDrain } from './delivery.js';
import { TIMER_DPC } from './dpc.js';
import type { Dpc, DpcQueue } from './dpc.js';
import type { Machine } from './machine.js';
import { IDLE, IDLE_DRAIN, PASSIVE_LEVEL } from './processor.js';
import type { Processor } from './processor.js';
import { DEEP, IDLE_TARGET, OVER, POLLING, RARE, SLOW } from './rules.js';

/** KeInsertQueueDpc and its request rule (R9, R10). */

type Request = 'none' | 'suppressed' | 'local' | 'ipi';

/** `cpu` queues `dpc`; answers whether that sent an IPI. */
export function insertDpc(m: Machine, cpu: Processor, dpc: Dpc): boolean {
  const target = m.processors[targetOf(m, cpu, dpc)];
  const isTimer = dpc.source === TIMER_DPC;
  const own = isTimer ? null : m.sourceTallies[dpc.source].counters;
  if (dpc.queuedTo !== null) {
    target.tally.counters.coalesced++;
    if (own !== null) own.coalesced++;
    m.log?.({
      t: m.nowNs,
      p: cpu.index,
      e: 'insert',
      dpc: dpc.name,
      target: target.index,
      queued: false,
    });
    return false;
  }
  link(m, target, dpc);
  target.tally.counters.inserts++;
  if (own !== null) own.inserts++;
  const request = decide(m, cpu, target, dpc);
  const counter = COUNTER_OF[request];
  target.tally.counters[counter]++;
  if (own !== null) own[counter]++;
  m.log?.({
    t: m.nowNs,
    p: cpu.index,
    e: 'insert',
    dpc: dpc.name,
    target: target.index,
    queued: true,
    depth: listOf(target, dpc).depth,
    request,
  });
  if (request === 'local' || request === 'ipi') {
    if (dpc.threaded) target.signalled = true;
    else target.requested = true;
  }
  if (request === 'ipi') m.sendIpi(target);
  if (request === 'local') raiseDispatch(m, target);
  // A polling processor sees its queue at once, asked for or not (R14).
  if (target.isInIdleLoop() && !target.halted) {
    if (dpc.threaded) startDpcThread(m, target);
    else startDrain(m, target, IDLE_DRAIN);
  }
  return request === 'ipi';
}

const COUNTER_OF = {
  none: 'declined',
  suppressed: 'suppressed',
  local: 'localRequests',
  ipi: 'ipis',
} as const;

/** R19. */
function targetOf(m: Machine, cpu: Processor, dpc: Dpc): number {
  if (dpc.target === 'current') return cpu.index;
  if (dpc.target === 'round-robin') {
    return (m.devices[dpc.source]?.inserts ?? 0) % m.processors.length;
  }
  return dpc.target;
}

function listOf(target: Processor, dpc: Dpc): DpcQueue {
  return dpc.threaded ? target.threadedQueue : target.queue;
}

function link(m: Machine, target: Processor, dpc: Dpc): void {
  target.bookDepth(m.nowNs);
  listOf(target, dpc).link(dpc, m.rules.atHead[dpc.importance]);
  target.noteDepth();
  if (!dpc.threaded) target.insertsSinceTick++;
  dpc.queuedTo = target;
  dpc.queuedNs = m.nowNs;
  m.dpcsQueued++;
  const device = dpc.source === TIMER_DPC ? null : m.devices[dpc.source];
  if (device !== null) device.inserts++;
}

function decide(m: Machine, cpu: Processor, target: Processor, dpc: Dpc): Request {
  const isCurrent = target === cpu;
  if (dpc.threaded) {
    const isSuppressed = target.signalled || target.hasDpcThread();
    dpc.cell = m.census.insertThreaded(dpc.importance, isCurrent, isSuppressed);
    if (isSuppressed) return 'suppressed';
    return isCurrent ? 'local' : 'ipi';
  }
  const table = (isCurrent ? m.rules.current : m.rules.other)[dpc.importance];
  const facts = factsOf(m, target);
  const isAsked = table[facts] !== 0;
  const isSuppressed = isAsked && m.rules.suppress && (target.draining || target.requested);
  dpc.cell = m.census.insert(facts, dpc.importance, isCurrent, isSuppressed);
  if (!isAsked) return 'none';
  if (isSuppressed) return 'suppressed';
  return isCurrent ? 'local' : 'ipi';
}

function factsOf(m: Machine, target: Processor): number {
  const { tunables, dynamicTick } = m.scenario.machine;
  const { depth } = target.queue;
  const isOver = m.rules.depthExceeds ? depth > target.maximumDepth : depth >= target.maximumDepth;
  const isIdle = target.kinds[0] === IDLE && !target.hasDpcThread();
  return (
    (isOver ? OVER : 0) |
    (target.drainRate < tunables.minimumDpcRate ? SLOW : 0) |
    (target.requestRate < tunables.minimumDpcRate ? RARE : 0) |
    (isIdle ? IDLE_TARGET : 0) |
    (isIdle && !target.halted ? POLLING : 0) |
    (target.halted && dynamicTick ? DEEP : 0)
  );
}

/** A routine is over: what its budget left is queued once more, and the drain goes on (R13). */
export function endRoutine(m: Machine, cpu: Processor, dpc: Dpc): void {
  if (cpu.leavesItems) insertDpc(m, cpu, dpc);
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-end', dpc: dpc.name });
  retireNext(m, cpu);
}

/** The time of the DPC thread's switch, or of its routine, has passed. */
export function endInDpcThread(m: Machine, cpu: Processor): void {
  const dpc = cpu.threadedRoutine;
  if (cpu.switching) {
    cpu.switching = false;
    cpu.irqls[cpu.top] = PASSIVE_LEVEL;
  } else if (dpc !== null) {
    if (cpu.threadedLeavesItems) insertDpc(m, cpu, dpc);
    m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-end', dpc: dpc.name });
    cpu.threadedRoutine = null;
  }
  settle(m, cpu);
}
