import * as abi from '../../assembly/shared/abi.js';
import * as log from '../../assembly/shared/log-layout.js';
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

/** Records of the event log where they stand in a kernel's memory, until it runs on. */
export class LogBatch {
  private readonly view: DataView;

  constructor(
    buffer: ArrayBuffer,
    address: number,
    readonly count: number,
  ) {
    this.view = new DataView(buffer, address, count * log.LOG_BYTES);
  }

  /** When record `i` happened, in ns. */
  timeNs(i: number): number {
    return Number(this.view.getBigInt64(i * log.LOG_BYTES, true));
  }

  /** How long the DPC waited that record `i` takes off a queue, in ns; −1 for any other event. */
  waitNs(i: number): number {
    const at = i * log.LOG_BYTES;
    if (this.view.getUint8(at + 12) !== log.LOG_DPC_START) return -1;
    return Number(this.view.getBigInt64(at + 24, true));
  }

  /** Index of the source whose DPC record `i` is about; −1 for KiTimerExpiration. */
  sourceIndex(i: number): number {
    const source = this.view.getUint32(i * log.LOG_BYTES + 16, true) & 0xffff;
    return source === log.LOG_TIMER_DPC ? -1 : source;
  }

  /** Record `i` as a line of section 10 of docs/semantics.md. */
  event(i: number, scenario: Scenario): TraceEvent {
    return readEvent(this.view, i * log.LOG_BYTES, scenario);
  }

  /** Record `i` of a detailed log: with the numbers of sources and objects beside their names. */
  detailedEvent(i: number, scenario: Scenario): TraceEvent {
    return readDetail(this.view, i * log.LOG_BYTES) ?? this.numbered(i, scenario);
  }

  private numbered(i: number, scenario: Scenario): TraceEvent {
    const event = this.event(i, scenario);
    if ('dpc' in event) {
      event.object = this.view.getUint32(i * log.LOG_BYTES + 16, true);
      event.index = this.sourceIndex(i);
    } else if ('source' in event) {
      event.index = this.view.getUint32(i * log.LOG_BYTES + 16, true);
    }
    return event;
  }

  events(scenario: Scenario): TraceEvent[] {
    return Array.from({ length: this.count }, (_, i) => this.event(i, scenario));
  }
}

const DETAILS: Record<number, string> = {
  [log.LOG_CLOCK_START]: 'clock-start',
  [log.LOG_IPI_START]: 'ipi-start',
  [log.LOG_IPI_END]: 'ipi-end',
  [log.LOG_WAKE]: 'wake',
  [log.LOG_DISPATCH_END]: 'dispatch-end',
  [log.LOG_READY]: 'ready',
  [log.LOG_SECTIONS]: 'sections',
  [log.LOG_LOOP]: 'loop',
};

function readDetail(view: DataView, at: number): TraceEvent | null {
  const kind = view.getUint8(at + 12);
  if (!(kind in DETAILS)) return null;
  const t = Number(view.getBigInt64(at, true));
  const event = { t, p: view.getUint32(at + 8, true), e: DETAILS[kind] };
  const value = Number(view.getBigInt64(at + 24, true));
  if (kind === log.LOG_CLOCK_START) return { ...event, due: value };
  if (kind !== log.LOG_SECTIONS) return event;
  const dispatch = Number(view.getBigUint64(at + 16, true));
  return { ...event, passive: value, dispatch };
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
    case log.LOG_ARRIVAL: {
      const raised = RAISES[outcome];
      return { t, p, e: 'arrival', source: source(), outcome: raised, dropped: flag };
    }
    case log.LOG_RAISE:
      return { t, p, e: 'raise', source: source(), outcome: RAISES[outcome] };
    case log.LOG_ISR_START:
      return { t, p, e: 'isr-start', source: source() };
    case log.LOG_ISR_END:
      return { t, p, e: 'isr-end', source: source() };
    case log.LOG_INSERT: {
      const line = { t, p, e: 'insert', dpc: dpcName(a, scenario), target: b, queued: flag };
      return flag ? { ...line, depth: value, request: REQUESTS[outcome] } : line;
    }
    case log.LOG_IPI:
      return { t, p, e: 'ipi' };
    case log.LOG_DRAIN_START:
      return { t, p, e: 'drain-start', origin: flag ? 'idle' : 'dispatch' };
    case log.LOG_DPC_START:
      return { t, p, e: 'dpc-start', dpc: dpcName(a, scenario), items: b, wait: value };
    case log.LOG_DPC_END:
      return { t, p, e: 'dpc-end', dpc: dpcName(a, scenario) };
    case log.LOG_DRAIN_END:
      return { t, p, e: 'drain-end', dpcs: value };
    case log.LOG_TICK:
      return { t, p, e: 'tick', requestRate: a, drainRate: b, maximum: value, rescue: flag };
    case log.LOG_THREAD:
      return { t, p, e: 'thread' };
    case log.LOG_IDLE:
      return { t, p, e: 'idle' };
    case log.LOG_DPC_THREAD:
      return { t, p, e: 'dpc-thread' };
    case log.LOG_DPC_THREAD_END:
      return { t, p, e: 'dpc-thread-end' };
    case log.LOG_WATCHDOG: {
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
  const base = source === log.LOG_TIMER_DPC ? 'KiTimerExpiration' : scenario.sources[source].name;
  return processor === log.LOG_NO_PROCESSOR ? base : `${base}@${processor}`;
}
