import type { Importance } from '../../src/policy/policy.js';

/** What one arrival leaves to be served (R5), in ns. */
export interface Item {
  arrivalNs: number;
  serviceNs: number;
  perItemNs: number;
  /** Index of the source that it came from. */
  source: number;
}

const FIRST_CAPACITY = 8;

/** A ring of items that grows up to its limit and refuses more. */
export class ItemFifo {
  private capacity = FIRST_CAPACITY;
  private arrivals = new Float64Array(FIRST_CAPACITY);
  private services = new Float64Array(FIRST_CAPACITY);
  private perItems = new Float64Array(FIRST_CAPACITY);
  private sources = new Uint16Array(FIRST_CAPACITY);
  private head = 0;
  length = 0;

  constructor(private readonly limit: number) {}

  /** False when the FIFO is full: the item is dropped. */
  push(arrivalNs: number, serviceNs: number, perItemNs: number, source: number): boolean {
    if (this.length === this.limit) return false;
    if (this.length === this.capacity) this.grow();
    const at = (this.head + this.length) & (this.capacity - 1);
    this.arrivals[at] = arrivalNs;
    this.services[at] = serviceNs;
    this.perItems[at] = perItemNs;
    this.sources[at] = source;
    this.length++;
    return true;
  }

  /** Moves the oldest item into `item`; there must be one. */
  take(item: Item): void {
    const at = this.head;
    item.arrivalNs = this.arrivals[at];
    item.serviceNs = this.services[at];
    item.perItemNs = this.perItems[at];
    item.source = this.sources[at];
    this.head = (at + 1) & (this.capacity - 1);
    this.length--;
  }

  /** Takes the oldest item; answers its arrival time alone. */
  takeArrival(): number {
    const at = this.head;
    this.head = (at + 1) & (this.capacity - 1);
    this.length--;
    return this.arrivals[at];
  }

  private grow(): void {
    const { capacity, head } = this;
    const unroll = <T extends Float64Array | Uint16Array>(from: T, to: T): T => {
      to.set(from.subarray(head), 0);
      to.set(from.subarray(0, head), capacity - head);
      return to;
    };
    this.capacity = 2 * capacity;
    this.arrivals = unroll(this.arrivals, new Float64Array(this.capacity));
    this.services = unroll(this.services, new Float64Array(this.capacity));
    this.perItems = unroll(this.perItems, new Float64Array(this.capacity));
    this.sources = unroll(this.sources, new Uint16Array(this.capacity));
    this.head = 0;
  }
}

/** A DPC object with the FIFO that its routine serves. */
export interface Dpc {
  name: string;
  /** Index of its source, or TIMER_DPC. */
  source: number;
  importance: Importance;
  /** R19. */
  target: 'current' | 'round-robin' | number;
  budget: number;
  /** R22. */
  threaded: boolean;
  fifo: ItemFifo;
  /** The processor that it is queued to, or null (R9: at most one). */
  queuedTo: { readonly index: number } | null;
  queuedNs: number;
  /** The cell of the census in which it was linked. */
  cell: number;
  /** Behind it in the queue. */
  next: Dpc | null;
  /** Service time of a routine that finds no item: that of the arrival whose ISR queued it. */
  emptyServiceNs: number;
}

/** Stands for a source's index in KiTimerExpiration, which serves all timers of its processor. */
export const TIMER_DPC = -1;

export function makeDpc(
  name: string,
  source: number,
  rule: Pick<Dpc, 'importance' | 'target' | 'budget'> & { threaded?: boolean },
  fifoLimit: number,
): Dpc {
  const { importance, target, budget, threaded = false } = rule;
  return {
    name,
    source,
    importance,
    target,
    budget,
    threaded,
    fifo: new ItemFifo(fifoLimit),
    queuedTo: null,
    queuedNs: 0,
    cell: 0,
    next: null,
    emptyServiceNs: 0,
  };
}

/** A processor's queue of DPC objects, linked through them. */
export class DpcQueue {
  private head: Dpc | null = null;
  private tail: Dpc | null = null;
  depth = 0;

  link(dpc: Dpc, atHead: boolean): void {
    if (this.head === null || this.tail === null) {
      this.head = dpc;
      this.tail = dpc;
    } else if (atHead) {
      dpc.next = this.head;
      this.head = dpc;
    } else {
      this.tail.next = dpc;
      this.tail = dpc;
    }
    this.depth++;
  }

  /** Unlinks the head; the queue must not be empty. */
  unlinkHead(): Dpc {
    const dpc = this.head as Dpc;
    this.head = dpc.next;
    if (this.head === null) this.tail = null;
    dpc.next = null;
    this.depth--;
    return dpc;
  }

  /** Every object still queued, in order. */
  *[Symbol.iterator](): Generator<Dpc> {
    for (let dpc = this.head; dpc !== null; dpc = dpc.next) yield dpc;
  }
}
