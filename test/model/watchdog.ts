import type { MachineStop } from '../../src/result/outcome.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';
import type { Machine } from './machine.js';
import { DISPATCH_DRAIN, DISPATCH_LEVEL, IDLE_DRAIN, ISR } from './processor.js';
import type { Processor } from './processor.js';

/** The watchdogs of R23. */

type Culprit = Pick<MachineStop, 'dpc' | 'isr'>;

/** The lowest routine of a drain or ISR in the stack; both null when there is none. */
function culpritOf(cpu: Processor): Culprit {
  for (let level = 0; level <= cpu.top; level++) {
    const kind = cpu.kinds[level];
    const isDrain = kind === DISPATCH_DRAIN || kind === IDLE_DRAIN;
    if (isDrain && cpu.routine !== null) return { dpc: cpu.routine.name, isr: null };
    const line = cpu.lines[level];
    if (kind === ISR && line !== null) return { dpc: null, isr: line.device.source.name };
  }
  return { dpc: null, isr: null };
}

export function hasRoutine(cpu: Processor): boolean {
  const { dpc, isr } = culpritOf(cpu);
  return dpc !== null || isr !== null;
}

/** At the end of the clock activity, which is on top. */
export function watch(m: Machine, cpu: Processor): void {
  const { machine } = m.scenario;
  const { watchdog } = machine;
  if (watchdog === undefined) return;
  const ticks = (ns: number): number => Math.ceil(ns / machine.tickNs);
  cpu.routineTicks = hasRoutine(cpu) ? cpu.routineTicks + 1 : 0;
  cpu.dispatchTicks = cpu.irqls[cpu.top - 1] >= DISPATCH_LEVEL ? cpu.dispatchTicks + 1 : 0;
  if (cpu.routineTicks > 0 && cpu.routineTicks === ticks(watchdog.routineNs)) {
    cpu.tally.counters.routineTimeouts++;
    timeOut(m, cpu, 'routine');
  }
  if (cpu.dispatchTicks > 0 && cpu.dispatchTicks === ticks(watchdog.dispatchNs)) {
    cpu.tally.counters.dispatchTimeouts++;
    timeOut(m, cpu, 'dispatch');
  }
}

function timeOut(m: Machine, cpu: Processor, kind: MachineStop['kind']): void {
  const culprit = culpritOf(cpu);
  const line: TraceEvent = { t: m.nowNs, p: cpu.index, e: 'watchdog', kind };
  if (kind === 'routine' && culprit.dpc !== null) line.dpc = culprit.dpc;
  if (kind === 'routine' && culprit.isr !== null) line.source = culprit.isr;
  m.log?.(line);
  if (m.scenario.machine.watchdog?.action !== 'stop') return;
  m.stop ??= { kind, processor: cpu.index, atNs: m.nowNs, ...culprit };
}
