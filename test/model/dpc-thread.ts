import { startDrain, startRoutineOf, settle } from './delivery.js';
import type { Dpc } from './dpc.js';
import type { Machine } from './machine.js';
import { DISPATCH_DRAIN, DISPATCH_LEVEL, DPC_THREAD, PASSIVE_LEVEL } from './processor.js';
import type { Processor } from './processor.js';
import { insertDpc } from './queueing.js';

/** Threaded DPCs (R22). The DPC thread stands on the stack, right above the bottom. */

/** Nothing but the bottom is on the stack, and it gives way. */
export function startDpcThread(m: Machine, cpu: Processor): void {
  cpu.signalled = false;
  cpu.dpcThreadIsReady = false;
  cpu.switching = true;
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'dpc-thread' });
  m.push(cpu, DPC_THREAD, DISPATCH_LEVEL, m.costs.threadSwitchNs ?? 0);
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

/** The DPC thread is on top, and no interrupt above DISPATCH waits. */
export function continueDpcThread(m: Machine, cpu: Processor): void {
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
