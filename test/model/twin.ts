import { countedNames, type ShardOutcome } from '../../src/result/outcome.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { MAX_TIME_NS } from './arrivals.js';
import { awaitThread, openBackground } from './background.js';
import { endClock, openTimers, tick } from './clock.js';
import {
  deliverArrival,
  deliverIpi,
  endEntry,
  enterIdleLoop,
  halt,
  raiseByTime,
  raiseDispatch,
  settle,
} from './delivery.js';
import { TIMER_DPC } from './dpc.js';
import type { Device } from './device.js';
import type { TwinDraws } from './draws.js';
import { Machine } from './machine.js';
import {
  CLOCK,
  DISPATCH_DRAIN,
  DPC_THREAD,
  IDLE_DRAIN,
  IPI_HANDLER,
  ISR,
  THREAD,
  WAKE,
} from './processor.js';
import type { Processor } from './processor.js';
import { endInDpcThread, endRoutine, insertDpc } from './queueing.js';
import { addOutcomes } from './tally.js';
import { endSection, threadReady } from './thread.js';

export interface TwinOptions {
  draws: TwinDraws;
  /** At least one of the two; they replace `scenario.until`. */
  untilTimeNs: number | null;
  untilInterrupts: number | null;
  /** Called for each line of the event log; leave it out to simulate without a log. */
  onEvent?: (event: TraceEvent) => void;
}

/** Ticks of processor 0 without progress after which a run until N interrupts gives up (R21). */
const PATIENCE_TICKS = 1000;
/**
 * The machine of docs/semantics.md in plain TypeScript: an independent second opinion on the
 * kernel, and the baseline that it is measured against. Same outcome and same events for the same
 * scenario.
 */
export function runTwin(
  scenario: Scenario,
  policyIndex: number,
  options: TwinOptions,
): ShardOutcome {
  const { m, endNs } = simulate(scenario, policyIndex, options);
  return outcomeOf(m, endNs);
}

/** The machine as it stands when its run has ended. */
export function twinAfter(scenario: Scenario, policyIndex: number, options: TwinOptions): Machine {
  return simulate(scenario, policyIndex, options).m;
}

function simulate(
  scenario: Scenario,
  policyIndex: number,
  options: TwinOptions,
): { m: Machine; endNs: number } {
  const { draws, untilTimeNs, untilInterrupts, onEvent } = options;
  const m = new Machine(scenario, policyIndex, draws, onEvent ?? null);
  for (const cpu of m.processors) {
    const rule = scenario.machine.background[cpu.index];
    cpu.background = openBackground(rule, cpu.index, draws);
  }
  openTimers(m, scenario, draws);
  return { m, endNs: run(m, untilTimeNs ?? MAX_TIME_NS, untilInterrupts ?? Infinity) };
}

function start(m: Machine): void {
  const { tickNs, tickSkewNs } = m.scenario.machine;
  m.devices.forEach((device, i) => {
    if (device !== null) awaitArrival(m, device, i);
  });
  for (const cpu of m.processors) {
    m.due.set(m.tickAt + cpu.index, tickNs + cpu.index * tickSkewNs);
    enterIdleLoop(m, cpu);
    if (cpu.background !== null) awaitThread(m, cpu, cpu.background);
  }
}

/** Carries out what is due, in the order of R4, and answers when the machine stopped. */
function run(m: Machine, untilNs: number, interrupts: number): number {
  const isCounted = interrupts < Infinity;
  let arrivalsLeft = interrupts;
  start(m);
  for (;;) {
    const isOver = arrivalsLeft === 0 || m.devicesToCome === 0;
    if (isCounted && isOver && !m.isWindingUp) windUp(m);
    if (m.stop !== null || (m.isWindingUp && hasFinished(m))) return m.nowNs;
    const index = m.due.first();
    const atNs = m.due.at(index);
    if (atNs > untilNs) return untilNs;
    m.nowNs = atNs;
    carryOut(m, index);
    if (isArrival(m, index)) arrivalsLeft--;
  }
}

/** Whether an arrival stands at `index`, and no interrupt held back. */
function isArrival(m: Machine, index: number): boolean {
  return index >= m.arrivalAt && index < m.tickAt && (index - m.arrivalAt) % 2 === 0;
}

/** What stands at `index` of the tournament happens now. */
function carryOut(m: Machine, index: number): void {
  const { processors } = m;
  if (index < m.ipiAt) {
    endActivity(m, processors[index]);
  } else if (index < m.arrivalAt) {
    deliverIpi(m, m.receiveIpi());
  } else if (index < m.tickAt) {
    const source = Math.floor((index - m.arrivalAt) / 2);
    const device = m.devices[source];
    if (isArrival(m, index)) arrive(m, source);
    else if (device !== null) raiseByTime(m, device);
  } else if (index < m.readyAt) {
    const cpu = processors[index - m.tickAt];
    if (cpu.index === 0) countIdleTick(m);
    tick(m, cpu);
  } else if (index < m.haltAt) {
    const cpu = processors[index - m.readyAt];
    if (cpu.background !== null) threadReady(m, cpu, cpu.background);
  } else {
    halt(m, processors[index - m.haltAt]);
  }
}

/** R21, of a run until N interrupts: nothing is left, or nothing has been served for long. */
function hasFinished(m: Machine): boolean {
  if (m.itemsLeft + m.dpcsQueued + m.isrsLeft + m.raisesPending === 0) return true;
  return m.idleTicks >= PATIENCE_TICKS;
}

/** Timers alone are no progress: they would keep a run that is stuck alive for ever. */
function countIdleTick(m: Machine): void {
  m.idleTicks = m.hasProgressed ? 0 : m.idleTicks + 1;
  m.hasProgressed = false;
}

function arrive(m: Machine, source: number): void {
  const device = m.devices[source];
  if (device === null) return;
  const line = device.arrive();
  m.devicesToCome--;
  awaitArrival(m, device, source);
  deliverArrival(m, line);
}

function awaitArrival(m: Machine, device: Device, source: number): void {
  const atNs = device.nextArrival();
  const isToCome = atNs <= MAX_TIME_NS;
  if (isToCome) m.devicesToCome++;
  m.due.set(m.arrivalAt + 2 * source, isToCome ? atNs : Infinity);
}

/** No interrupt arrives from now on (R21). */
function windUp(m: Machine): void {
  m.isWindingUp = true;
  m.idleTicks = 0;
  m.hasProgressed = false;
  m.devices.forEach((_, i) => m.due.set(m.arrivalAt + 2 * i, Infinity));
}

/** The top of a processor's stack has run to its end. */
function endActivity(m: Machine, cpu: Processor): void {
  switch (cpu.kinds[cpu.top]) {
    case THREAD:
      if (cpu.background !== null) endSection(m, cpu, cpu.background);
      return;
    case ISR:
      return endIsr(m, cpu);
    case DISPATCH_DRAIN:
    case IDLE_DRAIN:
      if (cpu.entering) endEntry(m, cpu);
      else if (cpu.routine !== null) endRoutine(m, cpu, cpu.routine);
      return;
    case DPC_THREAD:
      return endInDpcThread(m, cpu);
    case CLOCK:
      return endClock(m, cpu);
    case IPI_HANDLER:
      raiseDispatch(m, cpu);
      break;
    case WAKE:
      break;
  }
  m.pop(cpu);
  settle(m, cpu);
}

/** R7: the ISR queues its DPC, goes on while it sends an IPI, and ends. */
function endIsr(m: Machine, cpu: Processor): void {
  const line = cpu.lines[cpu.top];
  if (line === null) return;
  const { device, dpc } = line;
  if (dpc === null) {
    serveInIsr(m, cpu);
  } else if (!line.sendingIpi) {
    if (dpc.queuedTo === null) dpc.emptyServiceNs = line.runningServiceNs;
    if (insertDpc(m, cpu, dpc)) {
      line.sendingIpi = true;
      m.runFor(cpu, m.costs.ipiSendNs);
      return;
    }
  }
  m.isrsLeft--;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'isr-end', source: device.source.name });
  m.pop(cpu);
  settle(m, cpu);
}

/** The items of a source without a DPC are served when its ISR ends (R7). */
function serveInIsr(m: Machine, cpu: Processor): void {
  const line = cpu.lines[cpu.top];
  if (line === null) return;
  const { fifo, device } = line;
  while (fifo.length > 0) {
    const sinceNs = m.nowNs - fifo.takeArrival();
    cpu.tally.interruptToDpc.record(sinceNs);
    device.tally.interruptToDpc.record(sinceNs);
    m.itemsLeft--;
  }
}

function outcomeOf(m: Machine, endNs: number): ShardOutcome {
  for (const cpu of m.processors) {
    cpu.spend(endNs);
    cpu.bookDepth(endNs);
    cpu.tally.counters.threadNs = cpu.threadNs();
    cpu.tally.counters.dpcThreadNs = cpu.dpcThreadNs();
    cpu.tally.counters.stillQueued = cpu.depth();
    for (const dpc of [...cpu.queue, ...cpu.threadedQueue]) {
      if (dpc.source !== TIMER_DPC) m.sourceTallies[dpc.source].counters.stillQueued++;
    }
  }
  const counted = countedNames(m.scenario);
  const processors = m.processors.map((cpu) => cpu.outcome(counted));
  const hasGivenUp = m.stop === null && m.isWindingUp && m.idleTicks >= PATIENCE_TICKS;
  return {
    endNs,
    startNs: 0,
    unserved: hasGivenUp ? m.itemsLeft : 0,
    stop: m.stop,
    machine: addOutcomes(processors, counted),
    census: m.census.outcome(),
    sources: m.sourceTallies.map((tally) => tally.outcome(counted)),
    processors,
  };
}
