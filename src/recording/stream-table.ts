import type { RecordedStream, StreamKind } from './recording.js';
import { inputError } from '../errors.js';
import { ArrivalColumns } from './arrival-columns.js';
import {
  MAX_RECORDED_ARRIVALS,
  MAX_RECORDED_STREAMS,
  MAX_STREAM_NAME_LENGTH,
  printable,
} from './recording.js';

/** The kernel has ten softirq vectors; more would be another kernel's. */
export const MAX_VECTORS = 64;

interface OpenStream {
  name: string;
  kind: StreamKind;
  columns: ArrivalColumns;
}

/** The streams of a recording that is being imported: one a softirq vector, one an interrupt's handler. */
export class StreamTable {
  readonly #streams: OpenStream[] = [];
  readonly #softirqs = new Int16Array(MAX_VECTORS).fill(-1);
  readonly #irqs = new Map<string, number>();
  readonly #names = new Set<string>();
  #arrivals = 0;

  /** Index of a vector's stream; `detail` is the event's text, such as `vec=3 [action=NET_RX]`. */
  softirq(vector: number, detail: string): number {
    if (this.#softirqs[vector] < 0) {
      const action = /\[action=([^\]]{1,60})\]/.exec(detail)?.[1] ?? `vector-${vector}`;
      this.#softirqs[vector] = this.#open('softirq', action, vector);
    }
    return this.#softirqs[vector];
  }

  /** Index of the stream of an interrupt's handler; `detail` such as `irq=36 name=virtio1-req.0`. */
  irq(line: number, detail: string): number {
    const at = detail.indexOf('name=');
    const handler = at < 0 ? '' : detail.slice(at + 5, at + 5 + 60).trim();
    const key = `${line} ${handler}`;
    let index = this.#irqs.get(key);
    if (index === undefined) {
      index = this.#open('irq', handler === '' ? `line-${line}` : handler, line);
      this.#irqs.set(key, index);
    }
    return index;
  }

  #open(kind: StreamKind, label: string, number: number): number {
    if (this.#streams.length === MAX_RECORDED_STREAMS) {
      throw inputError(
        `the recording has more than ${MAX_RECORDED_STREAMS} interrupt handlers and vectors`,
        'record fewer devices',
      );
    }
    // The event log names DPC objects source@processor, so no source may have an @ in its name.
    let name = `${kind}/${printable(label).replaceAll('@', '-')}`;
    if (this.#names.has(name)) name = `${name.slice(0, MAX_STREAM_NAME_LENGTH - 12)}#${number}`;
    for (let n = 2; this.#names.has(name); n++) name = `${kind}/line-${number}-${n}`;
    this.#names.add(name);
    return this.#streams.push({ name, kind, columns: new ArrivalColumns() }) - 1;
  }

  add(
    stream: number,
    atNs: number,
    processor: number,
    isrNs: number,
    serviceNs: number,
    latencyNs: number,
  ): void {
    if (this.#arrivals === MAX_RECORDED_ARRIVALS) {
      throw inputError(
        `the recording has more than ${MAX_RECORDED_ARRIVALS} interrupts and softirqs`,
        'import a shorter part of it',
      );
    }
    this.#arrivals += 1;
    this.#streams[stream].columns.add(atNs, processor, isrNs, serviceNs, latencyNs);
  }

  /** Every stream that has arrivals, in the order of names. */
  finish(startNs: number): RecordedStream[] {
    return this.#streams
      .filter((stream) => stream.columns.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((stream) => stream.columns.toStream(stream.name, stream.kind, startNs));
  }
}
