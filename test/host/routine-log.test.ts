import { describe, expect, it } from 'vitest';
import { type BottomChange, RoutineLog, type RoutineRun } from '../../src/export/routine-log.js';
import type { TraceEvent } from '../../src/kernel/simulate.js';

const at = (t: number, p: number, e: string, rest: object = {}): TraceEvent =>
  ({ t, p, e, ...rest }) as unknown as TraceEvent;

function told(...events: readonly TraceEvent[]): (RoutineRun | BottomChange)[] {
  const all: (RoutineRun | BottomChange)[] = [];
  const log = new RoutineLog({
    onRoutine: (run) => void all.push(run),
    onBottom: (change) => void all.push(change),
  });
  for (const event of events) log.take([event]);
  return all;
}

describe('the routines that ran', () => {
  it('are told at their ends, without what interrupted them, processor by processor', () => {
    const nested = told(
      at(10, 0, 'dpc-start', { dpc: 'nic@3', wait: 7 }),
      at(12, 1, 'isr-start', { source: 'disk drive' }),
      at(14, 0, 'isr-start', { source: 'nic' }),
      at(15, 0, 'isr-start', { source: 'KiTimerExpiration.dll' }),
      at(16, 0, 'isr-end', { source: 'KiTimerExpiration.dll' }),
      at(19, 0, 'isr-end', { source: 'nic' }),
      at(20, 1, 'isr-end', { source: 'disk drive' }),
      at(25, 0, 'dpc-end', { dpc: 'nic@3' }),
      at(30, 1, 'dpc-start', { dpc: 'KiTimerExpiration@1', wait: 0 }),
      at(31, 1, 'dpc-end', { dpc: 'KiTimerExpiration@1' }),
    );
    const isr = { kind: 'isr', routine: 'Isr', waitNs: 0 };
    const dpc = { kind: 'dpc', routine: 'Dpc' };
    const inner = 'KiTimerExpiration.dll';
    const kernel = { module: 'ntoskrnl.exe', routine: 'KiTimerExpiration' };
    expect(nested).toEqual([
      { ...isr, processor: 0, module: inner, entryNs: 15, exitNs: 16, ownNs: 1 },
      { ...isr, processor: 0, module: 'nic.sys', entryNs: 14, exitNs: 19, ownNs: 4 },
      { ...isr, processor: 1, module: 'disk_drive.sys', entryNs: 12, exitNs: 20, ownNs: 8 },
      { ...dpc, processor: 0, module: 'nic.sys', entryNs: 10, exitNs: 25, ownNs: 10, waitNs: 7 },
      { ...dpc, ...kernel, processor: 1, entryNs: 30, exitNs: 31, ownNs: 1, waitNs: 0 },
    ]);
  });

  it('are none whose start was not seen, and nothing else is a routine', () => {
    expect(
      told(
        at(1, 0, 'isr-end', { source: 'nic' }),
        at(2, 0, 'isr-start', { source: 'nic' }),
        at(3, 0, 'isr-end', { source: 'nic' }),
        at(4, 0, 'isr-end', { source: 'nic' }),
        at(5, 0, 'tick'),
        at(6, 0, 'drain-start', { origin: 'idle' }),
      ).map((run) => 'exitNs' in run && run.exitNs),
    ).toEqual([3]);
  });

  it('stand beside where a processor went to a thread, and back to its idle loop', () => {
    expect(told(at(3, 2, 'thread'), at(9, 2, 'idle'), at(11, 2, 'halt'))).toEqual([
      { processor: 2, atNs: 3, isIdle: false },
      { processor: 2, atNs: 9, isIdle: true },
    ]);
  });
});
