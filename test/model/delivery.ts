import type { Device, InterruptLine } from './device.js';
import { TIMER_DPC } from './dpc.js';
import type { Dpc, Item } from './dpc.js';
import type { Machine } from './machine.js';
import {
  CLOCK,
  CLOCK_LEVEL,
  DISPATCH_DRAIN,
  DISPATCH_LEVEL,
  DPC_THREAD,
  IDLE,
  IDLE_DRAIN,
  IPI_HANDLER,
  IPI_LEVEL,
  ISR,
  WAKE,
} from './processor.js';
import type { Processor } from './processor.js';
import { startThread } from './background.js';
import { holdBack, takeRaise } from './moderation.js';
import { hasRoutine } from './watchdog.js';

/**
 * Delivery: which interrupt a processor accepts next, the drains that retire its queue, and the
 * idle loop (R3, R7, R11 to R14).
 */

/** Accepts what waits and may be accepted; with nothing above an idle bottom, enters the loop. */
export function settle(m: Machine, cpu: Processor): void {
  const irql = cpu.irql();
  if (cpu.ipiWaits && irql < IPI_LEVEL) return acceptIpi(m, cpu);
  if (cpu.clockWaits && irql < CLOCK_LEVEL) return acceptClock(m, cpu);
  if (cpu.waitingLines.length > 0) {
    const line = highestLine(cpu.waitingLines);
    if (line.device.irql > irql) return acceptLine(m, cpu, line);
  }
  if (cpu.isInDpcThread()) return continueDpcThread(m, cpu);
  if (cpu.top > 0) return;
  if (cpu.kinds[0] === IDLE) return enterIdleLoop(m, cpu);
  if (irql >= DISPATCH_LEVEL) return;
  if (cpu.dispatchWaits) startDrain(m, cpu, DISPATCH_DRAIN);
  else if (cpu.dpcThreadIsReady) startDpcThread(m, cpu);
}

/** Highest IRQL first, then the source that stands first (R3). */
function highestLine(lines: readonly InterruptLine[]): InterruptLine {
  let best = lines[0];
  for (let i = 1; i < lines.length; i++) {
    const { device } = lines[i];
    const isHigher = device.irql > best.device.irql;
    const isFirst = device.irql === best.device.irql && device.index < best.device.index;
    if (isHigher || isFirst) best = lines[i];
  }
  return best;
}

/** What the first interrupt above DISPATCH pays to end a halt (R14). */
function haltExitNs(m: Machine, cpu: Processor): number {
  if (!cpu.isInIdleLoop() || !cpu.halted || cpu.haltExitPaid) return 0;
  cpu.haltExitPaid = true;
  return m.costs.haltExitNs;
}

function acceptIpi(m: Machine, cpu: Processor): void {
  cpu.ipiWaits = false;
  const ns = haltExitNs(m, cpu) + m.costs.ipiHandlerNs;
  m.push(cpu, IPI_HANDLER, IPI_LEVEL, ns);
}

function acceptClock(m: Machine, cpu: Processor): void {
  cpu.clockWaits = false;
  cpu.runningTickNs = cpu.waitingTickNs;
  m.push(cpu, CLOCK, CLOCK_LEVEL, haltExitNs(m, cpu) + m.costs.clockNs);
}

function acceptLine(m: Machine, cpu: Processor, line: InterruptLine): void {
  const { device } = line;
  if (m.scenario.machine.watchdog !== undefined && !hasRoutine(cpu)) cpu.routineTicks = 0;
  cpu.waitingLines.splice(cpu.waitingLines.indexOf(line), 1);
  line.waits = false;
  line.runningServiceNs = line.serviceNs;
  line.sendingIpi = false;
  const waitNs = m.nowNs - line.raisedNs;
  device.tally.counters.isrs++;
  device.tally.isrWait.record(waitNs);
  device.tally.noteIsr(line.isrNs);
  cpu.tally.counters.isrs++;
  cpu.tally.isrWait.record(waitNs);
  cpu.tally.noteIsr(line.isrNs);
  m.hasProgressed = true;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'isr-start', source: device.source.name });
  const ns = haltExitNs(m, cpu) + m.costs.interruptNs + line.isrNs;
  m.push(cpu, ISR, device.irql, ns);
  cpu.lines[cpu.top] = line;
}

/** A DISPATCH interrupt comes to wait (R10, R11, R16). */
export function raiseDispatch(m: Machine, cpu: Processor): void {
  cpu.dispatchWaits = true;
  if (cpu.isInDpcThread()) return settle(m, cpu);
  if (cpu.top > 0) return;
  if (cpu.kinds[0] !== IDLE) settle(m, cpu);
  else if (cpu.halted) wake(m, cpu);
  // The polling loop looks around once more and finds nothing; its patience starts anew.
  else enterIdleLoop(m, cpu);
}

/** A halted processor leaves its halt for something that no interrupt above DISPATCH brought. */
export function wake(m: Machine, cpu: Processor): void {
  cpu.haltExitPaid = true;
  m.push(cpu, WAKE, DISPATCH_LEVEL, m.costs.haltExitNs);
}

/** Control reaches an idle bottom (R14). */
export function enterIdleLoop(m: Machine, cpu: Processor): void {
  cpu.halted = false;
  cpu.haltExitPaid = false;
  cpu.dispatchWaits = false;
  cpu.dispatchTicks = 0;
  if (cpu.queue.depth > 0) startDrain(m, cpu, IDLE_DRAIN);
  else if (cpu.signalled) startDpcThread(m, cpu);
  else if (cpu.background !== null && cpu.background.isReady) startThread(m, cpu, cpu.background);
  else m.due.set(m.haltAt + cpu.index, m.nowNs + m.scenario.machine.pollNs);
}

/** The idle loop has polled for long enough in vain. */
export function halt(m: Machine, cpu: Processor): void {
  m.due.set(m.haltAt + cpu.index, Infinity);
  cpu.halted = true;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'halt' });
}

/** R12: a drain from the DISPATCH interrupt pays its entry first, one of the idle loop does not. */
export function startDrain(
  m: Machine,
  cpu: Processor,
  kind: typeof DISPATCH_DRAIN | typeof IDLE_DRAIN,
): void {
  const isDispatch = kind === DISPATCH_DRAIN;
  cpu.draining = true;
  cpu.drainStartNs = m.nowNs;
  cpu.routinesRun = 0;
  cpu.entering = isDispatch;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'drain-start', origin: isDispatch ? 'dispatch' : 'idle' });
  m.push(cpu, kind, DISPATCH_LEVEL, isDispatch ? m.costs.dispatchNs : 0);
  if (isDispatch) {
    cpu.dispatchWaits = false;
    cpu.tally.counters.dispatchDrains++;
  } else {
    cpu.tally.counters.idleDrains++;
    retireNext(m, cpu);
  }
}

/** The entry of a drain is over. */
export function endEntry(m: Machine, cpu: Processor): void {
  cpu.entering = false;
  if (cpu.queue.depth === 0 && !cpu.signalled) cpu.tally.counters.spurious++;
  retireNext(m, cpu);
}

/** The drain goes on with the head of the queue, or ends (R13). */
export function retireNext(m: Machine, cpu: Processor): void {
  const { drainLimit, drainTimeNs } = m.rules;
  const isLimitReached = drainLimit > 0 && cpu.routinesRun >= drainLimit;
  const isTimeOver = drainTimeNs > 0 && m.nowNs >= cpu.drainStartNs + drainTimeNs;
  const mayEnd = isLimitReached || (isTimeOver && cpu.routinesRun > 0);
  if (cpu.queue.depth > 0 && !mayEnd) startRoutine(m, cpu);
  else endDrain(m, cpu);
}

function endDrain(m: Machine, cpu: Processor): void {
  cpu.draining = false;
  cpu.requested = false;
  cpu.routine = null;
  if (cpu.signalled) cpu.dpcThreadIsReady = true;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'drain-end', dpcs: cpu.routinesRun });
  m.pop(cpu);
  settle(m, cpu);
}

function startRoutine(m: Machine, cpu: Processor): void {
  cpu.bookDepth(m.nowNs);
  const dpc = cpu.queue.unlinkHead();
  cpu.routine = dpc;
  cpu.routinesRun++;
  cpu.dpcsSinceTick++;
  cpu.routineTicks = 0;
  cpu.leavesItems = startRoutineOf(m, cpu, dpc);
}

/** The object has been taken from its list: its routine runs. Answers whether it leaves items. */
function startRoutineOf(m: Machine, cpu: Processor, dpc: Dpc): boolean {
  dpc.queuedTo = null;
  m.dpcsQueued--;
  const waitNs = m.nowNs - dpc.queuedNs;
  cpu.tally.counters.dpcs++;
  cpu.tally.dpcWait.record(waitNs);
  m.census.take(dpc.cell, waitNs);
  if (dpc.source !== TIMER_DPC) {
    const tally = m.sourceTallies[dpc.source];
    tally.counters.dpcs++;
    tally.dpcWait.record(waitNs);
    m.hasProgressed = true;
  }
  const { budget, fifo } = dpc;
  const items = budget > 0 && budget < fifo.length ? budget : fifo.length;
  const workNs = takeItems(m, cpu, dpc, items);
  cpu.tally.noteRoutine(workNs);
  if (dpc.source !== TIMER_DPC) m.sourceTallies[dpc.source].noteRoutine(workNs);
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-start', dpc: dpc.name, items, wait: waitNs });
  m.runFor(cpu, m.costs.dequeueNs + workNs);
  return fifo.length > 0;
}

const item: Item = { arrivalNs: 0, serviceNs: 0, perItemNs: 0, source: 0 };

/** Takes the oldest items; answers the service time of the first of them and their own times. */
function takeItems(m: Machine, cpu: Processor, dpc: Dpc, count: number): number {
  if (count === 0) return dpc.emptyServiceNs;
  let workNs = 0;
  for (let n = 0; n < count; n++) {
    dpc.fifo.take(item);
    const sinceNs = m.nowNs - item.arrivalNs;
    cpu.tally.interruptToDpc.record(sinceNs);
    m.sourceTallies[item.source].interruptToDpc.record(sinceNs);
    const ownNs = n === 0 ? item.serviceNs + item.perItemNs : item.perItemNs;
    if (dpc.source === TIMER_DPC) m.sourceTallies[item.source].noteRoutine(ownNs);
    workNs += ownNs;
  }
  m.itemsLeft -= count;
  return workNs;
}

/** An arriving IPI is the DISPATCH interrupt, or one at IPI level that leads to it (R11). */
export function deliverIpi(m: Machine, cpu: Processor): void {
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'ipi' });
  if (m.scenario.machine.ipi === 'dispatch') return raiseDispatch(m, cpu);
  cpu.ipiWaits = true;
  if (cpu.irql() < IPI_LEVEL) acceptIpi(m, cpu);
}

/** The next arrival of a device: its item, and its interrupt (R5, R6). */
export function deliverArrival(m: Machine, line: InterruptLine): void {
  const { device, fifo } = line;
  const cpu = m.processors[line.processor];
  const { counters } = cpu.tally;
  const own = device.tally.counters;
  const isKept = fifo.push(m.nowNs, device.serviceNs, device.perItemNs, device.index);
  counters.arrivals++;
  own.arrivals++;
  if (isKept) {
    m.itemsLeft++;
  } else {
    counters.dropped++;
    own.dropped++;
  }
  const isRaised = holdBack(m, line);
  const raised = line.waits ? 'merged' : 'raised';
  m.log?.({
    t: m.nowNs,
    p: cpu.index,
    e: 'arrival',
    source: device.source.name,
    outcome: isRaised ? raised : 'held',
    dropped: !isKept,
  });
  if (!isRaised) {
    counters.held++;
    own.held++;
  } else if (device.source.moderation === undefined) {
    raise(m, line, device.isrNs, device.serviceNs);
  } else {
    raise(m, line, line.pendingIsrNs, line.pendingServiceNs);
  }
}

/** The device raises its interrupt (R6). */
export function raise(m: Machine, line: InterruptLine, isrNs: number, serviceNs: number): void {
  const { device } = line;
  const cpu = m.processors[line.processor];
  if (line.waits) {
    cpu.tally.counters.merged++;
    device.tally.counters.merged++;
    return;
  }
  line.waits = true;
  line.raisedNs = m.nowNs;
  line.isrNs = isrNs;
  line.serviceNs = serviceNs;
  m.isrsLeft++;
  cpu.waitingLines.push(line);
  if (device.irql > cpu.irql()) acceptLine(m, cpu, line);
}

/** The time of one of the source's lines is over (R24). */
export function raiseByTime(m: Machine, device: Device): void {
  const line = takeRaise(m, device);
  if (line !== null) raise(m, line, line.pendingIsrNs, line.pendingServiceNs);
}

/** The DPC thread starts (R22): nothing but the bottom is on the stack, and it gives way. */
export function startDpcThread(m: Machine, cpu: Processor): void {
  cpu.signalled = false;
  cpu.dpcThreadIsReady = false;
  cpu.switching = true;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-thread' });
  m.push(cpu, DPC_THREAD, DISPATCH_LEVEL, m.costs.threadSwitchNs ?? 0);
}

/** The DPC thread is on top, and no interrupt above DISPATCH waits. */
function continueDpcThread(m: Machine, cpu: Processor): void {
  if (cpu.switching) return;
  if (cpu.dispatchWaits) {
    startDrain(m, cpu, DISPATCH_DRAIN);
  } else if (cpu.threadedRoutine === null) {
    if (cpu.threadedQueue.depth > 0) startThreaded(m, cpu);
    else endDpcThread(m, cpu);
  }
}

function startThreaded(m: Machine, cpu: Processor): void {
  cpu.bookDepth(m.nowNs);
  const dpc: Dpc = cpu.threadedQueue.unlinkHead();
  cpu.threadedRoutine = dpc;
  cpu.threadedLeavesItems = startRoutineOf(m, cpu, dpc);
}

function endDpcThread(m: Machine, cpu: Processor): void {
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-thread-end' });
  m.pop(cpu);
  settle(m, cpu);
}
