import type { StreamIdentity } from './arrival-columns.js';
import type { RecordedStream, StreamKind } from './recording.js';
import { inputError } from '../errors.js';
import { ArrivalColumns } from './arrival-columns.js';
import { MAX_RECORDED_ARRIVALS, MAX_RECORDED_STREAMS, printable } from './recording.js';

/** The kernel has ten softirq vectors; more would be another kernel's. */
export const MAX_VECTORS = 64;

/** Which handlers answer an IPI: function calls of either kind share one queue on their target. */
export type IpiHandler = 'reschedule' | 'call';

interface OpenStream extends StreamIdentity {
  columns: ArrivalColumns;
}

/**
 * The streams of a recording that is being imported: one a softirq vector, one an interrupt's
 * handler, one for each handler and target of IPIs.
 */
export class StreamTable {
  private readonly streams: OpenStream[] = [];
  private readonly softirqs = new Int16Array(MAX_VECTORS).fill(-1);
  private readonly dpcs = new Map<number, number>();
  private readonly irqs = new Map<string, number>();
  private readonly ipis = {
    reschedule: new Map<number, number>(),
    call: new Map<number, number>(),
  };
  private readonly vectors = new Map<string, number>();
  private readonly names = new Set<string>();
  private arrivals = 0;

  /** Index of a vector's stream; `detail` is the event's text, such as `vec=3 [action=NET_RX]`. */
  softirq(vector: number, detail: string): number {
    if (this.softirqs[vector] < 0) {
      const action = /\[action=([^\]]{1,60})\]/.exec(detail)?.[1] ?? `vector-${vector}`;
      this.softirqs[vector] = this.open('softirq', action, vector);
    }
    return this.softirqs[vector];
  }

  /** Index of the stream of a DPC routine; `detail` such as `dpc=4 name=ndis.sys!ndisDpc`. */
  dpc(routine: number, detail: string): number {
    let index = this.dpcs.get(routine);
    if (index === undefined) {
      index = this.open('softirq', nameIn(detail) || `routine-${routine}`, routine, null, 'dpc');
      this.dpcs.set(routine, index);
    }
    return index;
  }

  /** Index of an interrupt handler's stream; `detail` such as `irq=36 name=virtio1-req.0`. */
  irq(line: number, detail: string): number {
    const handler = nameIn(detail);
    const key = `${line} ${handler}`;
    let index = this.irqs.get(key);
    if (index === undefined) {
      index = this.open('irq', handler === '' ? `line-${line}` : handler, line);
      this.irqs.set(key, index);
    }
    return index;
  }

  /** Index of the stream of requests that `target` answers with that handler. */
  ipi(handler: IpiHandler, target: number): number {
    let index = this.ipis[handler].get(target);
    if (index === undefined) {
      index = this.open('ipi', `${handler}-to-${target}`, target, target);
      this.ipis[handler].set(target, index);
    }
    return index;
  }

  /** Index of the stream of a handler that answers no device and no request that was seen. */
  vector(handler: string): number {
    let index = this.vectors.get(handler);
    if (index === undefined) {
      index = this.open('vector', handler, this.vectors.size);
      this.vectors.set(handler, index);
    }
    return index;
  }

  private open(
    kind: StreamKind,
    label: string,
    number: number,
    target: number | null = null,
    prefix: string = kind,
  ): number {
    if (this.streams.length === MAX_RECORDED_STREAMS) {
      throw inputError(
        `the recording has more than ${MAX_RECORDED_STREAMS} interrupt handlers, vectors and ` +
          'targets of IPIs',
        'record fewer devices',
      );
    }
    // The event log names DPC objects source@processor, so no source may have an @ in its name.
    let name = `${prefix}/${printable(label).replaceAll('@', '-')}`;
    // Labels have 60 characters at most: with their number they are no longer than names may be.
    if (this.names.has(name)) name = `${name}#${number}`;
    for (let n = 2; this.names.has(name); n++) name = `${prefix}/line-${number}-${n}`;
    this.names.add(name);
    return this.streams.push({ name, kind, target, columns: new ArrivalColumns() }) - 1;
  }

  add(
    stream: number,
    atNs: number,
    processor: number,
    isrNs: number,
    serviceNs: number,
    latencyNs: number,
  ): void {
    if (this.arrivals === MAX_RECORDED_ARRIVALS) {
      throw inputError(
        `the recording has more than ${MAX_RECORDED_ARRIVALS} interrupts, softirqs and IPIs`,
        'import a shorter part of it',
      );
    }
    this.arrivals += 1;
    this.streams[stream].columns.add(atNs, processor, isrNs, serviceNs, latencyNs);
  }

  /** Every stream that has arrivals, in the order of names. */
  finish(startNs: number): RecordedStream[] {
    return this.streams
      .filter((stream) => stream.columns.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((stream) => stream.columns.toStream(stream, startNs));
  }
}

/** The text after `name=`, as much of it as a stream's name may have. */
function nameIn(detail: string): string {
  const at = detail.indexOf('name=');
  return at < 0 ? '' : detail.slice(at + 5, at + 5 + 60).trim();
}
