import {
  FACT_DEEP,
  FACT_IDLE,
  FACT_OVER,
  FACT_POLLING,
  FACT_RARE,
  FACT_SLOW,
} from '../policy/facts.js';
import type { Importance, Policy } from '../policy/policy.js';
import type { Machine, Scenario } from '../scenario/scenario.js';
import type { DpcStartEvent, InsertEvent, LogEvent, TickEvent } from './log-event.js';
import {
  CLOCK_LEVEL,
  DISPATCH_LEVEL,
  frame,
  type Frame,
  idleProcessor,
  IPI_LEVEL,
  isIdle,
  type ProcessorState,
  type QueuedDpc,
  topOf,
} from './processor-state.js';

/** An IPI under way. */
export interface FlyingIpi {
  from: number;
  to: number;
  sentNs: number;
  /** The object for which it was sent, and the index of its source. */
  dpc: string;
  index: number;
}

/** A machine at an instant, as plain data. */
export interface MachineSnapshot {
  processors: ProcessorState[];
  ipis: FlyingIpi[];
  nowNs: number;
}

/**
 * The machine as its detailed event log tells it, from time 0 on. Give it every event, in order;
 * between two of them it stands as it does in the kernel.
 *
 * It works out what the log says, and decides nothing: what R10 answered stands in the log.
 */
export class MachineState {
  readonly processors: ProcessorState[];
  /** In the order in which they were sent, which is that in which they arrive (R4). */
  readonly ipis: FlyingIpi[] = [];
  /** When the last event happened. */
  nowNs = 0;
  private readonly machine: Machine;
  private readonly policy: Policy;

  constructor(
    private readonly scenario: Scenario,
    policyIndex: number,
  ) {
    this.machine = scenario.machine;
    this.policy = scenario.policies[policyIndex];
    const { processors, tunables } = scenario.machine;
    this.processors = Array.from({ length: processors }, (_, i) => idleProcessor(i, tunables));
  }

  snapshot(): MachineSnapshot {
    const { ipis, nowNs, processors } = this;
    return structuredClone({ processors, ipis, nowNs });
  }

  /** Goes to where a snapshot was taken. */
  restore(snapshot: MachineSnapshot): void {
    const { ipis, nowNs, processors } = structuredClone(snapshot);
    this.processors.splice(0, this.processors.length, ...processors);
    this.ipis.splice(0, this.ipis.length, ...ipis);
    this.nowNs = nowNs;
  }

  /** Carries out one event. */
  apply(event: LogEvent): void {
    const cpu = this.processors[event.p];
    this.nowNs = event.t;
    switch (event.e) {
      case 'arrival':
      case 'raise':
        if (event.outcome === 'raised') this.raise(cpu, event.index);
        return;
      case 'isr-start':
        return this.acceptLine(cpu, event.index);
      case 'insert':
        return this.insert(cpu, event);
      case 'dpc-start':
        return this.startRoutine(cpu, event);
      case 'dpc-end':
        frameOfRoutine(cpu, this.isThreaded(event.index)).routine = null;
        return;
      case 'tick':
        return this.tick(cpu, event);
      case 'drain-start':
        cpu.draining = true;
        if (event.origin === 'dispatch') cpu.dispatchWaiting = false;
        return this.push(cpu, frame('drain', DISPATCH_LEVEL, event.t, { origin: event.origin }));
      case 'drain-end':
        cpu.draining = false;
        cpu.requested = false;
        return this.pop(cpu);
      case 'ipi':
        this.land(event.p);
        if (this.machine.ipi === 'dispatch') cpu.dispatchWaiting = true;
        else cpu.ipiWaiting = true;
        return;
      default:
        return this.move(cpu, event);
    }
  }

  /** The events that move the stack alone, or a flag. */
  private move(cpu: ProcessorState, event: LogEvent): void {
    const { t } = event;
    switch (event.e) {
      case 'clock-start':
        return this.push(cpu, frame('clock', CLOCK_LEVEL, t, { dueNs: event.due }));
      case 'ipi-start':
        cpu.ipiWaiting = false;
        return this.push(cpu, frame('ipi', IPI_LEVEL, t));
      case 'ipi-end':
        cpu.dispatchWaiting = true;
        return this.pop(cpu);
      case 'wake':
        return this.push(cpu, frame('wake', DISPATCH_LEVEL, t));
      case 'dpc-thread':
        cpu.halted = false;
        cpu.signalled = false;
        this.push(cpu, frame('dpc-thread', 0, t));
        return this.push(cpu, frame('switch', DISPATCH_LEVEL, t));
      case 'isr-end':
      case 'dispatch-end':
      case 'dpc-thread-end':
        return this.pop(cpu);
      case 'thread': {
        const sections = { passiveNs: 0, dispatchNs: 0, ranNs: 0, resumedNs: t };
        cpu.stack[0] = frame('thread', 0, t, { sections });
        cpu.halted = false;
        cpu.threadReady = false;
        return;
      }
      case 'sections': {
        const { sections } = cpu.stack[0];
        if (sections === null) return;
        sections.passiveNs = event.passive;
        sections.dispatchNs = event.dispatch;
        return;
      }
      case 'idle':
        cpu.stack[0] = frame('idle', 0, t);
        return;
      case 'ready':
        cpu.threadReady = true;
        return;
      case 'halt':
        cpu.halted = true;
        return;
      case 'loop':
        cpu.halted = false;
        cpu.dispatchWaiting = false;
    }
  }

  private push(cpu: ProcessorState, above: Frame): void {
    const { sections } = topOf(cpu);
    if (sections !== null && sections.resumedNs !== null) {
      sections.ranNs += this.nowNs - sections.resumedNs;
      sections.resumedNs = null;
    }
    cpu.stack.push(above);
  }

  private pop(cpu: ProcessorState): void {
    cpu.stack.pop();
    const { sections } = topOf(cpu);
    if (sections !== null) sections.resumedNs = this.nowNs;
  }

  private raise(cpu: ProcessorState, index: number): void {
    const source = this.scenario.sources[index];
    if (source.kind !== 'device') return;
    const { irql, name } = source;
    cpu.waiting.push({ index, source: name, irql, sinceNs: this.nowNs });
  }

  private acceptLine(cpu: ProcessorState, index: number): void {
    const place = cpu.waiting.findIndex((line) => line.index === index);
    const [{ irql, source }] = cpu.waiting.splice(place, 1);
    this.push(cpu, frame('isr', irql, this.nowNs, { source, index }));
  }

  private insert(cpu: ProcessorState, event: InsertEvent & { p: number }): void {
    const { dpc: name, index, object, queued, request, target: to } = event;
    if (!queued || request === undefined) return;
    const target = this.processors[to];
    const { importance, threaded } = this.ruleOf(index);
    const list = threaded ? target.threadedQueue : target.queue;
    const dpc: QueuedDpc = {
      object,
      name,
      index,
      importance,
      threaded,
      queuedNs: this.nowNs,
      by: event.p,
      request,
      facts: 0,
    };
    if (this.policy.insert[importance] === 'head') list.unshift(dpc);
    else list.push(dpc);
    if (!threaded) target.insertsSinceTick++;
    dpc.facts = this.factsOf(target);
    if (request !== 'local' && request !== 'ipi') return;
    if (threaded) target.signalled = true;
    else target.requested = true;
    if (request === 'local') {
      target.dispatchWaiting = true;
      return;
    }
    this.ipis.push({ from: event.p, to, sentNs: this.nowNs, dpc: name, index });
    const top = topOf(cpu);
    if (top.kind === 'isr') top.isSending = true;
  }

  /** IPIs arrive in the order in which they were sent; a narrowed log has those of some targets. */
  private land(to: number): void {
    const place = this.ipis.findIndex((ipi) => ipi.to === to);
    if (place >= 0) this.ipis.splice(place, 1);
  }

  /** Importance and kind of the DPC of a source; −1 is KiTimerExpiration (R8). */
  private ruleOf(index: number): { importance: Importance; threaded: boolean } {
    const source = index < 0 ? undefined : this.scenario.sources[index];
    if (source?.kind !== 'device' || source.dpc === null) {
      return { importance: 'medium', threaded: false };
    }
    return { importance: source.dpc.importance, threaded: this.isThreaded(index) };
  }

  private isThreaded(index: number): boolean {
    const source = index < 0 ? undefined : this.scenario.sources[index];
    if (source?.kind !== 'device' || this.machine.threadedDpcs === false) return false;
    return source.dpc?.threaded === true;
  }

  /** What is true of a target right after linking (R10), as bits of src/policy/facts.ts. */
  private factsOf(target: ProcessorState): number {
    const { dynamicTick, tunables } = this.machine;
    const depth = target.queue.length;
    const { drainRate, halted, maximumDepth, requestRate } = target;
    const limit = this.policy.depth === 'exceeds' ? maximumDepth + 1 : maximumDepth;
    let facts = 0;
    if (depth >= limit) facts |= FACT_OVER;
    if (drainRate < tunables.minimumDpcRate) facts |= FACT_SLOW;
    if (requestRate < tunables.minimumDpcRate) facts |= FACT_RARE;
    if (!isIdle(target)) return facts;
    facts |= FACT_IDLE;
    if (!halted) return facts | FACT_POLLING;
    return dynamicTick ? facts | FACT_DEEP : facts;
  }

  private startRoutine(cpu: ProcessorState, event: DpcStartEvent): void {
    const threaded = this.isThreaded(event.index);
    const dpc = (threaded ? cpu.threadedQueue : cpu.queue).shift();
    if (dpc?.object !== event.object) {
      throw new Error(`the log takes ${event.dpc} at ${this.nowNs} ns, which is not at the head`);
    }
    if (!threaded) cpu.dpcsSinceTick++;
    const running = frameOfRoutine(cpu, threaded);
    running.routines++;
    running.routine = { dpc, items: event.items, startNs: this.nowNs, waitNs: event.wait };
  }

  /** The end of the clock activity (R16). */
  private tick(cpu: ProcessorState, { drainRate, maximum, requestRate, rescue }: TickEvent): void {
    const { adjustDpcThreshold } = this.machine.tunables;
    const isFound = cpu.queue.length > 0 && !cpu.draining && !cpu.requested;
    cpu.countdown = isFound || cpu.countdown === 1 ? adjustDpcThreshold : cpu.countdown - 1;
    cpu.maximumDepth = maximum;
    cpu.requestRate = requestRate;
    cpu.drainRate = drainRate;
    cpu.insertsSinceTick = 0;
    cpu.dpcsSinceTick = 0;
    if (rescue) {
      cpu.requested = true;
      cpu.dispatchWaiting = true;
    }
    this.pop(cpu);
  }
}

/** The drain or the DPC thread, of which a processor has at most one on its stack. */
function frameOfRoutine({ stack }: ProcessorState, threaded: boolean): Frame {
  const kind = threaded ? 'dpc-thread' : 'drain';
  const found = stack.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`the log has a routine where no ${kind} runs`);
  return found;
}
