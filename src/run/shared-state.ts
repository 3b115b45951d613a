import type { Scenario } from '../scenario/scenario.js';

/** What every worker of a pool gets once, by shared memory where it is large. */
export interface WorkerSetup {
  scenario: Scenario;
  state: SharedArrayBuffer;
}

/**
 * A few words of memory that the main thread and its workers share: whether the run is cancelled,
 * and how far each task has come. Read by polling, so that progress costs the workers no messages.
 */
export class SharedState {
  private readonly words: BigInt64Array;

  private constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new BigInt64Array(buffer);
  }

  static create(tasks: number): SharedState {
    return new SharedState(new SharedArrayBuffer(8 * (1 + 2 * tasks)));
  }

  static attach(buffer: SharedArrayBuffer): SharedState {
    return new SharedState(buffer);
  }

  cancel(): void {
    Atomics.store(this.words, 0, 1n);
  }

  get cancelled(): boolean {
    return Atomics.load(this.words, 0) !== 0n;
  }

  report(task: number, interrupts: number, timeNs: number): void {
    Atomics.store(this.words, 1 + 2 * task, BigInt(interrupts));
    Atomics.store(this.words, 2 + 2 * task, BigInt(timeNs));
  }

  read(task: number): { interrupts: number; timeNs: number } {
    return {
      interrupts: Number(Atomics.load(this.words, 1 + 2 * task)),
      timeNs: Number(Atomics.load(this.words, 2 + 2 * task)),
    };
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
