import * as abi from '../../assembly/shared/abi.js';
import type { Scenario } from '../scenario/scenario.js';
import type { TraceEvent } from './shard.js';

const REQUESTS: Record<number, string> = {
  [abi.REQUEST_NONE]: 'none',
  [abi.REQUEST_SUPPRESSED]: 'suppressed',
  [abi.REQUEST_LOCAL]: 'local',
  [abi.REQUEST_IPI]: 'ipi',
};

const RAISES: Record<number, string> = {
  [abi.RAISE_RAISED]: 'raised',
  [abi.RAISE_MERGED]: 'merged',
  [abi.RAISE_HELD]: 'held',
};

/** Decodes `count` records of the kernel's event log into the lines of section 10. */
export function readLog(
  buffer: ArrayBuffer,
  address: number,
  count: number,
  scenario: Scenario,
): TraceEvent[] {
  const view = new DataView(buffer, address, count * abi.LOG_BYTES);
  return Array.from({ length: count }, (_, i) => readEvent(view, i * abi.LOG_BYTES, scenario));
}

function readEvent(view: DataView, at: number, scenario: Scenario): TraceEvent {
  const t = Number(view.getBigInt64(at, true));
  const p = view.getUint32(at + 8, true);
  const flag = view.getUint8(at + 13) !== 0;
  const outcome = view.getUint16(at + 14, true);
  const a = view.getUint32(at + 16, true);
  const b = view.getUint32(at + 20, true);
  const value = Number(view.getBigInt64(at + 24, true));
  const source = (): string => scenario.sources[a].name;
  switch (view.getUint8(at + 12)) {
    case abi.LOG_ARRIVAL: {
      const raised = RAISES[outcome];
      return { t, p, e: 'arrival', source: source(), outcome: raised, dropped: flag };
    }
    case abi.LOG_RAISE:
      return { t, p, e: 'raise', source: source(), outcome: RAISES[outcome] };
    case abi.LOG_ISR_START:
      return { t, p, e: 'isr-start', source: source() };
    case abi.LOG_ISR_END:
      return { t, p, e: 'isr-end', source: source() };
    case abi.LOG_INSERT: {
      const line = { t, p, e: 'insert', dpc: dpcName(a, scenario), target: b, queued: flag };
      return flag ? { ...line, depth: value, request: REQUESTS[outcome] } : line;
    }
    case abi.LOG_IPI:
      return { t, p, e: 'ipi' };
    case abi.LOG_DRAIN_START:
      return { t, p, e: 'drain-start', origin: flag ? 'idle' : 'dispatch' };
    case abi.LOG_DPC_START:
      return { t, p, e: 'dpc-start', dpc: dpcName(a, scenario), items: b, wait: value };
    case abi.LOG_DPC_END:
      return { t, p, e: 'dpc-end', dpc: dpcName(a, scenario) };
    case abi.LOG_DRAIN_END:
      return { t, p, e: 'drain-end', dpcs: value };
    case abi.LOG_TICK:
      return { t, p, e: 'tick', requestRate: a, drainRate: b, maximum: value, rescue: flag };
    case abi.LOG_THREAD:
      return { t, p, e: 'thread' };
    case abi.LOG_IDLE:
      return { t, p, e: 'idle' };
    case abi.LOG_DPC_THREAD:
      return { t, p, e: 'dpc-thread' };
    case abi.LOG_DPC_THREAD_END:
      return { t, p, e: 'dpc-thread-end' };
    case abi.LOG_WATCHDOG: {
      const line = { t, p, e: 'watchdog', kind: flag ? 'dispatch' : 'routine' };
      if (flag) return line;
      return outcome === abi.CULPRIT_DPC
        ? { ...line, dpc: dpcName(a, scenario) }
        : { ...line, source: source() };
    }
    default:
      return { t, p, e: 'halt' };
  }
}

/** A DPC object's name, out of its number in the log. */
export function dpcName(name: number, scenario: Scenario): string {
  const source = name & 0xffff;
  const processor = name >>> 16;
  const base = source === abi.LOG_TIMER_DPC ? 'KiTimerExpiration' : scenario.sources[source].name;
  return processor === abi.LOG_NO_PROCESSOR ? base : `${base}@${processor}`;
}
