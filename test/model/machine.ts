import { Census } from './census.js';
import type { MachineStop } from '../../src/result/outcome.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import type { Costs, Scenario } from '../../src/scenario/scenario.js';
import { Device } from './device.js';
import type { TwinDraws } from './draws.js';
import { DISPATCH_LEVEL, IDLE, PASSIVE_LEVEL, Processor, THREAD } from './processor.js';
import { unfoldRules } from './rules.js';
import type { Rules } from './rules.js';
import { Tally } from './tally.js';
import { Tournament } from './tournament.js';

/** An IPI under way. */
export interface Ipi {
  atNs: number;
  to: Processor;
}

/**
 * The simulated machine: its processors and devices, the instants at which something is due, and
 * the one place where a processor's stack changes. The rules that move it stand in the files
 * around.
 *
 * What is due stands in one tournament whose order is that of R4: ends of activities by processor,
 * then the IPI sent first, arrivals and held interrupts by source, ticks, ready threads and halts
 * by processor. So among things due at one instant the winner is the one that R4 names.
 */
export class Machine {
  nowNs = 0;
  readonly costs: Costs;
  readonly rules: Rules;
  readonly processors: Processor[];
  /** By source; null for timers. */
  readonly devices: (Device | null)[];
  /** By source, devices and timers alike. */
  readonly sourceTallies: Tally[];
  readonly census = new Census();
  readonly due: Tournament;
  /** First indexes in `due`. Ends of activities start at 0. */
  readonly ipiAt: number;
  readonly arrivalAt: number;
  readonly tickAt: number;
  readonly readyAt: number;
  readonly haltAt: number;
  /** In the order sent, from `firstIpi` on; the flight time is the same for all. */
  readonly ipis: Ipi[] = [];
  firstIpi = 0;

  // What is left to do, for runs until a number of interrupts (R21).
  itemsLeft = 0;
  dpcsQueued = 0;
  isrsLeft = 0;
  /** Lines that hold an interrupt back (R24). */
  raisesPending = 0;
  /** Devices that have arrivals to come. */
  devicesToCome = 0;
  /** R23: nothing happens any more. */
  stop: MachineStop | null = null;
  /** Arrivals are over; what follows them counts. */
  isWindingUp = false;
  /** Whether an ISR or a device's DPC has started since processor 0 last was due to tick. */
  hasProgressed = false;
  /** Ticks of processor 0 in a row, due or skipped, each without progress since the one before. */
  idleTicks = 0;

  constructor(
    readonly scenario: Scenario,
    policyIndex: number,
    draws: TwinDraws,
    readonly log: ((event: TraceEvent) => void) | null,
  ) {
    const { machine, sources, policies } = scenario;
    const count = machine.processors;
    this.costs = machine.costs;
    this.rules = unfoldRules(policies[policyIndex]);
    this.processors = Array.from({ length: count }, (_, i) => new Processor(i, machine.tunables));
    this.devices = sources.map((source, i) =>
      source.kind === 'device'
        ? new Device(source, i, draws, machine.threadedDpcs !== false)
        : null,
    );
    this.sourceTallies = this.devices.map((device) => device?.tally ?? new Tally());
    this.ipiAt = count;
    this.arrivalAt = this.ipiAt + 1;
    this.tickAt = this.arrivalAt + 2 * sources.length;
    this.readyAt = this.tickAt + count;
    this.haltAt = this.readyAt + count;
    this.due = new Tournament(this.haltAt + count);
  }

  /** Puts an activity on top of the stack; what was there keeps its remaining time (R2). */
  push(cpu: Processor, kind: number, irql: number, durationNs: number): void {
    if (cpu.isInIdleLoop()) this.due.set(this.haltAt + cpu.index, Infinity);
    cpu.spend(this.nowNs);
    cpu.leftNs[cpu.top] = cpu.endNs - this.nowNs;
    cpu.top++;
    cpu.kinds[cpu.top] = kind;
    cpu.irqls[cpu.top] = irql;
    this.runFor(cpu, durationNs);
  }

  /** Takes the top off; what lies under it resumes. */
  pop(cpu: Processor): void {
    cpu.spend(this.nowNs);
    cpu.top--;
    this.runFor(cpu, cpu.leftNs[cpu.top]);
  }

  /** The top runs for `durationNs` from now on. */
  runFor(cpu: Processor, durationNs: number): void {
    cpu.endNs = this.nowNs + durationNs;
    this.due.set(cpu.index, cpu.endNs);
  }

  /** Makes a thread or the idle loop the bottom; nothing must stand above it. */
  setBottom(cpu: Processor, kind: typeof IDLE | typeof THREAD): void {
    cpu.spend(this.nowNs);
    cpu.kinds[0] = kind;
    cpu.irqls[0] = PASSIVE_LEVEL;
    if (kind === IDLE) this.runFor(cpu, Infinity);
    else this.due.set(this.haltAt + cpu.index, Infinity);
  }

  /** A section of a thread starts at PASSIVE or at DISPATCH. */
  runSection(cpu: Processor, atDispatch: boolean, durationNs: number): void {
    cpu.irqls[0] = atDispatch ? DISPATCH_LEVEL : PASSIVE_LEVEL;
    this.runFor(cpu, durationNs);
  }

  /** An IPI leaves for `to` (R10). */
  sendIpi(to: Processor): void {
    const atNs = this.nowNs + this.costs.ipiFlightNs;
    this.ipis.push({ atNs, to });
    if (this.ipis.length === this.firstIpi + 1) this.due.set(this.ipiAt, atNs);
  }

  /** Takes the IPI that arrives now off the list. */
  receiveIpi(): Processor {
    const { to } = this.ipis[this.firstIpi++];
    const isNoneLeft = this.firstIpi === this.ipis.length;
    this.due.set(this.ipiAt, isNoneLeft ? Infinity : this.ipis[this.firstIpi].atNs);
    if (isNoneLeft || this.firstIpi > 1024) {
      this.ipis.splice(0, this.firstIpi);
      this.firstIpi = 0;
    }
    return to;
  }
}
