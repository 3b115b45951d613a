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
    return readInt64(this.view, i * log.LOG_BYTES);
  }

  /** How long the DPC waited that record `i` takes off a queue, in ns; −1 for any other event. */
  waitNs(i: number): number {
    const at = i * log.LOG_BYTES;
    if (this.view.getUint8(at + 12) !== log.LOG_DPC_START) return -1;
    return readInt64(this.view, at + 24);
  }

  /** Is record `i` an arrival, the beginning of an interrupt? */
  isArrival(i: number): boolean {
    return this.view.getUint8(i * log.LOG_BYTES + 12) === log.LOG_ARRIVAL;
  }

  /** Index of the source whose DPC record `i` is about; −1 for KiTimerExpiration. */
  sourceIndex(i: number): number {
    return sourceOf(this.view.getUint32(i * log.LOG_BYTES + 16, true));
  }

  /** Record `i` as a line of section 10 of docs/semantics.md. */
  event(i: number, scenario: Scenario): TraceEvent {
    const { index: _, object: __, ...line } = this.detailedEvent(i, scenario);
    return line as TraceEvent;
  }

  /**
   * Record `i` of a detailed log: with the numbers of sources and objects beside their names. Each
   * kind is made in one piece, since millions of them are read to tell a single wait.
   */
  detailedEvent(i: number, scenario: Scenario): TraceEvent {
    const at = i * log.LOG_BYTES;
    const kind = this.view.getUint8(at + 12);
    const t = readInt64(this.view, at);
    const p = this.view.getUint32(at + 8, true);
    switch (kind) {
      case log.LOG_ARRIVAL:
      case log.LOG_RAISE:
      case log.LOG_ISR_START:
      case log.LOG_ISR_END:
        return readLine(this.view, at, scenario);
      case log.LOG_INSERT:
      case log.LOG_DPC_START:
      case log.LOG_DPC_END:
        return readDpc(this.view, at, scenario);
      case log.LOG_CLOCK_START:
      case log.LOG_SECTIONS:
      case log.LOG_TICK:
      case log.LOG_DRAIN_START:
      case log.LOG_DRAIN_END:
        return readFigures(this.view, at);
      case log.LOG_WATCHDOG:
        return readWatchdog(this.view, at, scenario);
      default:
        return { t, p, e: PLAIN[kind] ?? 'halt' };
    }
  }

  events(scenario: Scenario): TraceEvent[] {
    return Array.from({ length: this.count }, (_, i) => this.event(i, scenario));
  }
}

/** Kinds that say no more than where and when. */
const PLAIN: (string | undefined)[] = [];
PLAIN[log.LOG_IPI] = 'ipi';
PLAIN[log.LOG_THREAD] = 'thread';
PLAIN[log.LOG_IDLE] = 'idle';
PLAIN[log.LOG_DPC_THREAD] = 'dpc-thread';
PLAIN[log.LOG_DPC_THREAD_END] = 'dpc-thread-end';
PLAIN[log.LOG_IPI_START] = 'ipi-start';
PLAIN[log.LOG_IPI_END] = 'ipi-end';
PLAIN[log.LOG_WAKE] = 'wake';
PLAIN[log.LOG_DISPATCH_END] = 'dispatch-end';
PLAIN[log.LOG_READY] = 'ready';
PLAIN[log.LOG_LOOP] = 'loop';

/** What a source's line does: it arrives, and its ISR runs. */
function readLine(view: DataView, at: number, scenario: Scenario): TraceEvent {
  const t = readInt64(view, at);
  const p = view.getUint32(at + 8, true);
  const index = view.getUint32(at + 16, true);
  const source = scenario.sources[index].name;
  const outcome = RAISES[view.getUint16(at + 14, true)];
  switch (view.getUint8(at + 12)) {
    case log.LOG_ARRIVAL: {
      const dropped = view.getUint8(at + 13) !== 0;
      return { t, p, e: 'arrival', source, outcome, dropped, index };
    }
    case log.LOG_RAISE:
      return { t, p, e: 'raise', source, outcome, index };
    case log.LOG_ISR_START:
      return { t, p, e: 'isr-start', source, index };
    default:
      return { t, p, e: 'isr-end', source, index };
  }
}

function readDpc(view: DataView, at: number, scenario: Scenario): TraceEvent {
  const t = readInt64(view, at);
  const p = view.getUint32(at + 8, true);
  const object = view.getUint32(at + 16, true);
  const index = sourceOf(object);
  const dpc = dpcName(object, scenario);
  switch (view.getUint8(at + 12)) {
    case log.LOG_INSERT: {
      const target = view.getUint32(at + 20, true);
      const queued = view.getUint8(at + 13) !== 0;
      if (!queued) return { t, p, e: 'insert', dpc, target, queued, object, index };
      const depth = readInt64(view, at + 24);
      const request = REQUESTS[view.getUint16(at + 14, true)];
      return { t, p, e: 'insert', dpc, target, queued, depth, request, object, index };
    }
    case log.LOG_DPC_START: {
      const items = view.getUint32(at + 20, true);
      const wait = readInt64(view, at + 24);
      return { t, p, e: 'dpc-start', dpc, items, wait, object, index };
    }
    default:
      return { t, p, e: 'dpc-end', dpc, object, index };
  }
}

/** What a processor does by itself, where that has numbers. */
function readFigures(view: DataView, at: number): TraceEvent {
  const t = readInt64(view, at);
  const p = view.getUint32(at + 8, true);
  const flag = view.getUint8(at + 13) !== 0;
  const value = readInt64(view, at + 24);
  switch (view.getUint8(at + 12)) {
    case log.LOG_CLOCK_START:
      return { t, p, e: 'clock-start', due: value };
    case log.LOG_SECTIONS: {
      const dispatch = Number(view.getBigUint64(at + 16, true));
      return { t, p, e: 'sections', passive: value, dispatch };
    }
    case log.LOG_TICK: {
      const requestRate = view.getUint32(at + 16, true);
      const drainRate = view.getUint32(at + 20, true);
      return { t, p, e: 'tick', requestRate, drainRate, maximum: value, rescue: flag };
    }
    case log.LOG_DRAIN_START:
      return { t, p, e: 'drain-start', origin: flag ? 'idle' : 'dispatch' };
    default:
      return { t, p, e: 'drain-end', dpcs: value };
  }
}

function readWatchdog(view: DataView, at: number, scenario: Scenario): TraceEvent {
  const t = readInt64(view, at);
  const p = view.getUint32(at + 8, true);
  const a = view.getUint32(at + 16, true);
  if (view.getUint8(at + 13) !== 0) return { t, p, e: 'watchdog', kind: 'dispatch' };
  const line = { t, p, e: 'watchdog', kind: 'routine' };
  return view.getUint16(at + 14, true) === abi.CULPRIT_DPC
    ? { ...line, dpc: dpcName(a, scenario), object: a, index: sourceOf(a) }
    : { ...line, source: scenario.sources[a].name, index: a };
}

/** Without a BigInt, which would be an allocation. Exact up to 2^53, the limit of times. */
function readInt64(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

function sourceOf(object: number): number {
  const source = object & 0xffff;
  return source === log.LOG_TIMER_DPC ? -1 : source;
}

const DPC_NAMES = new WeakMap<Scenario, Map<number, string>>();

/** A DPC object's name, out of its number in the log. */
export function dpcName(name: number, scenario: Scenario): string {
  let names = DPC_NAMES.get(scenario);
  if (names === undefined) DPC_NAMES.set(scenario, (names = new Map()));
  let known = names.get(name);
  if (known === undefined) names.set(name, (known = makeDpcName(name, scenario)));
  return known;
}

function makeDpcName(name: number, scenario: Scenario): string {
  const source = sourceOf(name);
  const processor = name >>> 16;
  const base = source < 0 ? 'KiTimerExpiration' : scenario.sources[source].name;
  return processor === log.LOG_NO_PROCESSOR ? base : `${base}@${processor}`;
}
