import type { DeviceSource } from '../../src/scenario/scenario.js';
import { openArrivals } from './arrivals.js';
import type { NextArrival } from './arrivals.js';
import { ItemFifo, makeDpc } from './dpc.js';
import type { Dpc } from './dpc.js';
import type { Draw, TwinDraws } from './draws.js';
import { Tally } from './tally.js';

/** A source and one processor that it interrupts: at most one interrupt waits there (R6). */
export interface InterruptLine {
  device: Device;
  processor: number;
  /** Where the items of its arrivals go, and the object that its ISR queues, if there is one. */
  fifo: ItemFifo;
  dpc: Dpc | null;
  waits: boolean;
  /** The arrival that waits. */
  raisedNs: number;
  isrNs: number;
  serviceNs: number;
  /** The arrival whose ISR runs. */
  runningServiceNs: number;
  /** The ISR has queued its DPC and now sends the IPI (R7). */
  sendingIpi: boolean;
  /** Arrivals held back (R24), when that ends, and what the first of them brought. */
  pending: number;
  raiseNs: number;
  pendingIsrNs: number;
  pendingServiceNs: number;
}

/** Longest ISR, service or per-item time; a longer draw is cut. */
const MAX_WORK_NS = 4_000_000_000;

/** A device source in motion. */
export class Device {
  readonly tally = new Tally();
  readonly irql: number;
  readonly nextArrival: NextArrival;
  private readonly lines: (InterruptLine | undefined)[] = [];
  private sharedDpc: Dpc | null = null;
  /** For a source without a DPC: one for all its processors. */
  private readonly isrFifo: ItemFifo;
  private readonly isr: Draw;
  private readonly service: Draw;
  private readonly perItem: Draw;
  private arrivals = 0;
  /** Successful inserts, for `round-robin` (R19). */
  inserts = 0;

  // The arrival drawn last.
  isrNs = 0;
  serviceNs = 0;
  perItemNs = 0;
  line: InterruptLine;

  constructor(
    readonly source: DeviceSource,
    readonly index: number,
    draws: TwinDraws,
    private readonly hasDpcThreads: boolean,
  ) {
    const { arrivals, dpc, isr, irql } = source;
    this.irql = irql;
    this.isrFifo = new ItemFifo(source.fifo);
    this.nextArrival = openArrivals(arrivals, index, draws);
    const nothing: Draw = () => 0;
    this.isr = recorded(arrivals, 'isrNs') ?? draws.open('isr', index, isr);
    this.service =
      dpc === null
        ? nothing
        : (recorded(arrivals, 'serviceNs') ?? draws.open('service', index, dpc.service));
    this.perItem = dpc === null ? nothing : draws.open('perItem', index, dpc.perItem);
    this.line = this.lineAt(source.processors[0] ?? 0);
  }

  /** Draws the next arrival (its instant is another matter) and fixes its line (R18). */
  arrive(): InterruptLine {
    const { arrivals, processors } = this.source;
    const k = this.arrivals++;
    this.isrNs = Math.min(this.isr(), MAX_WORK_NS);
    this.serviceNs = Math.min(this.service(), MAX_WORK_NS);
    this.perItemNs = Math.min(this.perItem(), MAX_WORK_NS);
    const processor =
      arrivals.kind === 'recording'
        ? arrivals.recording.processor[k]
        : processors[k % processors.length];
    this.line = this.lines[processor] ?? this.lineAt(processor);
    return this.line;
  }

  /** Those that had an arrival, lowest processor first. */
  openLines(): InterruptLine[] {
    return this.lines.filter((line) => line !== undefined);
  }

  private lineAt(processor: number): InterruptLine {
    const dpc = this.dpcFor(processor);
    const line: InterruptLine = {
      device: this,
      processor,
      fifo: dpc?.fifo ?? this.isrFifo,
      dpc,
      waits: false,
      raisedNs: 0,
      isrNs: 0,
      serviceNs: 0,
      runningServiceNs: 0,
      sendingIpi: false,
      pending: 0,
      raiseNs: Infinity,
      pendingIsrNs: 0,
      pendingServiceNs: 0,
    };
    this.lines[processor] = line;
    return line;
  }

  /** R20. */
  private dpcFor(processor: number): Dpc | null {
    const { name, fifo } = this.source;
    if (this.source.dpc === null) return null;
    const dpc = { ...this.source.dpc };
    if (!this.hasDpcThreads) delete dpc.threaded;
    if (dpc.objects === 'per-processor') {
      return makeDpc(`${name}@${processor}`, this.index, dpc, fifo);
    }
    this.sharedDpc ??= makeDpc(name, this.index, dpc, fifo);
    return this.sharedDpc;
  }
}

/** The times that a recording keeps for its arrivals, in turn; null for other arrivals. */
function recorded(arrivals: DeviceSource['arrivals'], column: 'isrNs' | 'serviceNs'): Draw | null {
  if (arrivals.kind !== 'recording') return null;
  const times = arrivals.recording[column];
  let k = 0;
  return () => times[k++];
}
