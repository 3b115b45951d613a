import { awaitThread, startSection, startThread } from './background.js';
import type { Background } from './processor.js';
import { enterIdleLoop, settle, wake } from './delivery.js';
import type { Machine } from './machine.js';
import { IDLE } from './processor.js';
import type { Processor } from './processor.js';

/** A section of the running thread is over: the other kind follows, or the thread ends (R17). */
export function endSection(m: Machine, cpu: Processor, background: Background): void {
  background.busyLeftNs -= background.sectionNs;
  if (background.busyLeftNs > 0) {
    startSection(m, cpu, background, !background.atDispatch);
    settle(m, cpu);
    return;
  }
  m.setBottom(cpu, IDLE);
  m.log?.({ t: m.nowNs, p: cpu.index, e: 'idle' });
  awaitThread(m, cpu, background);
  enterIdleLoop(m, cpu);
}

/** A thread becomes ready; a processor that is not in its idle loop finds it there later (R14). */
export function threadReady(m: Machine, cpu: Processor, background: Background): void {
  m.due.set(m.readyAt + cpu.index, Infinity);
  background.isReady = true;
  if (!cpu.isInIdleLoop()) return;
  if (cpu.halted) wake(m, cpu);
  else startThread(m, cpu, background);
}
