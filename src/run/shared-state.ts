import type { KernelIdentity } from '../kernel/compiled-kernel.js';
import type { Shard } from '../kernel/shard.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ExecuteOptions } from './tasks.js';

/** What every worker of a pool gets once, by shared memory where it is large. */
export interface WorkerSetup extends Pick<ExecuteOptions, 'census' | 'intervals' | 'lockstep'> {
  scenario: Scenario;
  shards: readonly Shard[];
  state: SharedArrayBuffer;
  /** The kernel that every shard of the run is simulated by. */
  kernel: KernelIdentity;
}

const CANCELLED = 0;
const DONE = 1;
const HEADER = 2;
/**
 * Slots for each task: interrupts, simulated ns, and the job that has taken it: its number, below
 * zero once the task is done; 0 for nobody.
 */
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

  /** True for the first job that asks for the task. @param job its number, from 1 */
  take(task: number, job: number): boolean {
    return Atomics.compareExchange(this.words, takerOf(task), 0n, BigInt(job)) === 0n;
  }

  /** What a job has taken is there for others again, as if it had never begun: its sum is lost. */
  giveBack(job: number, tasks: number): void {
    for (let task = 0; task < tasks; task++) {
      const taker = Number(Atomics.load(this.words, takerOf(task)));
      if (Math.abs(taker) !== job) continue;
      if (taker < 0) Atomics.sub(this.words, DONE, 1n);
      this.report(task, 0, 0);
      Atomics.store(this.words, takerOf(task), 0n);
    }
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

  /** A task was carried through to its end by the job that had taken it. */
  finish(task: number, job: number): void {
    Atomics.store(this.words, takerOf(task), BigInt(-job));
    Atomics.add(this.words, DONE, 1n);
  }

  get tasksDone(): number {
    return Number(Atomics.load(this.words, DONE));
  }
}

function takerOf(task: number): number {
  return HEADER + PER_TASK * task + 2;
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
        atNs: shared(atNs, Float64Array),
        processor: shared(processor, Uint16Array),
        isrNs: shared(isrNs, Uint32Array),
        serviceNs: shared(serviceNs, Uint32Array),
      };
      return { ...source, arrivals: { kind: 'recording' as const, recording } };
    }),
  };
}

type AnyColumn = Float64Array | Uint16Array | Uint32Array;

/** The column itself if it lies in shared memory, as those of a file that was read do. */
function shared<Column extends AnyColumn>(
  column: Column,
  Columns: new (buffer: SharedArrayBuffer) => Column,
): Column {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const copy = new Columns(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
