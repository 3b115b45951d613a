import { formatNs } from '../units.js';
import { type Frame, holdsSpinLock, type ProcessorState, topOf } from './processor-state.js';

/** What a processor does at `nowNs`, as a noun: `a thread at PASSIVE`, `the ISR of nic`. */
export function activityOf(cpu: ProcessorState, nowNs: number): string {
  return activityOfFrame(topOf(cpu), cpu.halted, nowNs);
}

/** All of its stack from the top down, with how long ago each began. */
export function stackInWords(cpu: ProcessorState, nowNs: number): string {
  const words = cpu.stack.map((frame) => {
    const activity = activityOfFrame(frame, cpu.halted, nowNs);
    const startNs = frame.routine?.startNs ?? frame.startNs;
    if (frame.kind === 'idle' || startNs === nowNs) return activity;
    return `${activity}, begun ${formatNs(nowNs - startNs)} before`;
  });
  return words.reverse().join(', above ');
}

function activityOfFrame(frame: Frame, halted: boolean, nowNs: number): string {
  const { kind, routine, sections, source } = frame;
  switch (kind) {
    case 'idle':
      return halted ? 'the halted idle loop' : 'the polling idle loop';
    case 'thread':
      return sections !== null && holdsSpinLock(sections, nowNs)
        ? 'a thread that holds a spin lock'
        : 'a thread at PASSIVE';
    case 'dpc-thread':
      return routine === null ? 'the DPC thread' : `the threaded routine of ${routine.dpc.name}`;
    case 'switch':
      return 'the switch to the DPC thread';
    case 'wake':
      return 'the exit from the halt';
    case 'drain':
      return routine === null ? 'the entry of a drain' : `the routine of ${routine.dpc.name}`;
    case 'isr':
      return `the ISR of ${source}`;
    case 'clock':
      return 'the clock';
    case 'ipi':
      return 'the IPI handler';
  }
}
