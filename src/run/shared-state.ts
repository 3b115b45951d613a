import type { KernelIdentity } from '../kernel/compiled-kernel.js';
import type { Shard } from '../kernel/shard.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ExecuteOptions } from './tasks.js';

/** What every worker of a pool gets once, by shared memory where it is large. */
export interface WorkerSetup extends Pick<ExecuteOptions, 'intervals' | 'lockstep'> {
  scenario: Scenario;
  shards: readonly Shard[];
  state: SharedArrayBuffer;
  /** The kernel that every shard of the run is simulated by. */
  kernel: KernelIdentity;
}

const CANCELLED = 0;
const DONE = 1;
const HEADER = 2;
/** Slots for each task: interrupts, simulated ns, and whether somebody has taken it. */
const PER_TASK = 3;

/**
 * A few words of memory that the main thread and its workers share: whether the run is cancelled,
 * who does which task, and how far each has come. Read by polling, so that progress costs the
 * workers no messages.
 */
export class SharedState {
  private readonly words: BigInt64Array;

  private constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new BigInt64Array(buffer);
  }

  static create(tasks: number): SharedState {
    return new SharedState(new SharedArrayBuffer(8 * (HEADER + PER_TASK * tasks)));
  }

  static attach(buffer: SharedArrayBuffer): SharedState {
    return new SharedState(buffer);
  }

  cancel(): void {
    Atomics.store(this.words, CANCELLED, 1n);
  }

  get cancelled(): boolean {
    return Atomics.load(this.words, CANCELLED) !== 0n;
  }

  /** True for the first who asks for the task. */
  take(task: number): boolean {
    return Atomics.exchange(this.words, HEADER + PER_TASK * task + 2, 1n) === 0n;
  }

  report(task: number, interrupts: number, timeNs: number): void {
    Atomics.store(this.words, HEADER + PER_TASK * task, BigInt(interrupts));
    Atomics.store(this.words, HEADER + PER_TASK * task + 1, BigInt(timeNs));
  }

  read(task: number): { interrupts: number; timeNs: number } {
    return {
      interrupts: Number(Atomics.load(this.words, HEADER + PER_TASK * task)),
      timeNs: Number(Atomics.load(this.words, HEADER + PER_TASK * task + 1)),
    };
  }

  /** A task was carried through to its end. */
  finish(): void {
    Atomics.add(this.words, DONE, 1n);
  }

  get tasksDone(): number {
    return Number(Atomics.load(this.words, DONE));
  }
}

/** The scenario with its recordings in shared memory: copied once here, by no worker. */
export function shareRecordings(scenario: Scenario): Scenario {
  return {
    ...scenario,
    sources: scenario.sources.map((source) => {
      if (source.kind === 'timer' || source.arrivals.kind !== 'recording') return source;
      const { origin, atNs, processor, isrNs, serviceNs } = source.arrivals.recording;
      const recording = {
        origin,
        atNs: fill(new Float64Array(new SharedArrayBuffer(atNs.byteLength)), atNs),
        processor: fill(new Uint16Array(new SharedArrayBuffer(processor.byteLength)), processor),
        isrNs: fill(new Uint32Array(new SharedArrayBuffer(isrNs.byteLength)), isrNs),
        serviceNs: fill(new Uint32Array(new SharedArrayBuffer(serviceNs.byteLength)), serviceNs),
      };
      return { ...source, arrivals: { kind: 'recording' as const, recording } };
    }),
  };
}

type AnyColumn = Float64Array | Uint16Array | Uint32Array;

function fill<Column extends AnyColumn>(to: Column, from: Column): Column {
  to.set(from);
  return to;
}
