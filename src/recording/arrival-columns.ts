import type { RecordedStream } from './recording.js';

/** Small, since a large machine has thousands of streams, most of them short. */
const FIRST_CAPACITY = 64;

/** What a stream is apart from its arrivals. */
export type StreamIdentity = Pick<RecordedStream, 'name' | 'kind' | 'target'>;

/** The arrivals of a stream while it is being imported: columns that double as they fill. */
export class ArrivalColumns {
  length = 0;
  private atNs = new Float64Array(FIRST_CAPACITY);
  private processor = new Uint16Array(FIRST_CAPACITY);
  private isrNs = new Uint32Array(FIRST_CAPACITY);
  private serviceNs = new Uint32Array(FIRST_CAPACITY);
  private latencyNs = new Uint32Array(FIRST_CAPACITY);

  add(atNs: number, processor: number, isrNs: number, serviceNs: number, latencyNs: number): void {
    const i = this.length++;
    if (i === this.atNs.length) this.grow();
    this.atNs[i] = atNs;
    this.processor[i] = processor;
    this.isrNs[i] = isrNs;
    this.serviceNs[i] = serviceNs;
    this.latencyNs[i] = latencyNs;
  }

  private grow(): void {
    const capacity = this.atNs.length * 2;
    this.atNs = grown(this.atNs, new Float64Array(capacity));
    this.processor = grown(this.processor, new Uint16Array(capacity));
    this.isrNs = grown(this.isrNs, new Uint32Array(capacity));
    this.serviceNs = grown(this.serviceNs, new Uint32Array(capacity));
    this.latencyNs = grown(this.latencyNs, new Uint32Array(capacity));
  }

  /**
   * The columns in the order of time, then of processor, then as they were added, with `startNs`
   * taken off every time. They were added as routines ended, so they are almost in order.
   */
  toStream({ name, kind, target }: StreamIdentity, startNs: number): RecordedStream {
    const order = this.order();
    const pick = <T extends Float64Array | Uint16Array | Uint32Array>(from: T, to: T): T => {
      for (let i = 0; i < to.length; i++) to[i] = from[order[i]];
      return to;
    };
    const atNs = pick(this.atNs, new Float64Array(this.length));
    for (let i = 0; i < atNs.length; i++) atNs[i] -= startNs;
    return {
      name,
      kind,
      target,
      atNs,
      processor: pick(this.processor, new Uint16Array(this.length)),
      isrNs: pick(this.isrNs, new Uint32Array(this.length)),
      serviceNs: pick(this.serviceNs, new Uint32Array(this.length)),
      latencyNs: pick(this.latencyNs, new Uint32Array(this.length)),
    };
  }

  private order(): Uint32Array {
    const order = new Uint32Array(this.length);
    for (let i = 0; i < order.length; i++) order[i] = i;
    const compare = (a: number, b: number): number =>
      this.atNs[a] - this.atNs[b] || this.processor[a] - this.processor[b] || a - b;
    for (let i = 1; i < order.length; i++) {
      if (compare(i - 1, i) > 0) return order.sort(compare);
    }
    return order;
  }
}

function grown<T extends Float64Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
