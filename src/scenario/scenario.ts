import type { Importance, Policy } from '../policy/policy.js';
import type { Focus } from './focus.js';

/**
 * A scenario after validation: every default filled in, every time a whole number of nanoseconds,
 * every name resolved. Members with a `?` stand only where a scenario uses what they are about, so
 * that its hash does not change when there is one more of them. What the kernel is given, and what
 * a result carries to say what was simulated.
 *
 * Pure data that survives `structuredClone` and JSON. The written form, with its shorthands, limits
 * and defaults, is declared in `schema.ts`.
 */
export interface Scenario {
  name: string;
  /** The question that the scenario answers, or "". */
  question: string;
  machine: Machine;
  sources: Source[];
  /** What the question is about; left out where the scenario does not say. */
  focus?: Focus;
  policies: Policy[];
  until: Until;
}

export interface Machine {
  processors: number;
  tickNs: number;
  tickSkewNs: number;
  dynamicTick: boolean;
  pollNs: number;
  ipi: 'dispatch' | 'ipi-level';
  /** Left out where threaded DPCs run in DPC threads (R22). */
  threadedDpcs?: false;
  /** R23. */
  watchdog?: Watchdog;
  costs: Costs;
  tunables: Tunables;
  /** One entry for each processor; empty when the machine runs no threads. */
  background: Background[];
}

/** Durations in nanoseconds that the machine itself takes (R7, R10 to R15). */
export interface Costs {
  interruptNs: number;
  clockNs: number;
  dispatchNs: number;
  dequeueNs: number;
  ipiSendNs: number;
  ipiFlightNs: number;
  ipiHandlerNs: number;
  haltExitNs: number;
  /** R22; only where a DPC is threaded. */
  threadSwitchNs?: number;
}

/** Limits are rounded up to whole ticks; 0 for none. */
export interface Watchdog {
  routineNs: number;
  dispatchNs: number;
  action: 'count' | 'stop';
}

/** The registry values of Windows Internals 7th ed., part 2, table 8-8. */
export interface Tunables {
  maximumDpcQueueDepth: number;
  minimumDpcRate: number;
  idealDpcRate: number;
  adjustDpcThreshold: number;
}

/** R17. `busy`, `idle`, `passive`, `dispatch` are drawn once for each thread. */
export interface Background {
  busy: Distribution;
  idle: Distribution;
  passive: Distribution;
  dispatch: Distribution;
}

/** What queues DPCs: a device by its interrupts, or a kernel timer by its expiries. */
export type Source = DeviceSource | TimerSource;

export interface DeviceSource {
  kind: 'device';
  name: string;
  /** 3 to 12. */
  irql: number;
  /** R18: arrival k goes to element k mod length. A recording's own processors come before this. */
  processors: number[];
  isr: Distribution;
  /** Capacity of each FIFO of the source, in items. */
  fifo: number;
  arrivals: Arrivals;
  dpc: DpcRoutine | null;
  /** R24. */
  moderation?: Moderation;
}

/** How long, and how many arrivals, a device holds its interrupt back. Null: no such limit. */
export interface Moderation {
  timeNs: number | null;
  count: number | null;
}

export interface TimerSource {
  kind: 'timer';
  name: string;
  processor: number;
  dueNs: number;
  periodNs: number;
  service: Distribution;
}

export interface DpcRoutine {
  importance: Importance;
  /** A processor's index, or a rule (R19). */
  target: 'current' | 'round-robin' | number;
  objects: 'one' | 'per-processor';
  /** The routine's service time is that of the oldest item that it takes. */
  service: Distribution;
  perItem: Distribution;
  /** Items that a routine takes at most; 0 for all. */
  budget: number;
  /** R22; left out for an ordinary DPC. */
  threaded?: true;
}

/** Durations in nanoseconds. A draw is rounded to the nearest whole nanosecond. */
export type Distribution =
  | { kind: 'constant'; ns: number }
  | { kind: 'uniform'; minNs: number; maxNs: number }
  | { kind: 'exponential'; meanNs: number }
  | { kind: 'lognormal'; meanNs: number; p99Ns: number }
  /** Density proportional to x^-(shape + 1) on [minNs, maxNs]. */
  | { kind: 'pareto'; shape: number; minNs: number; maxNs: number }
  | { kind: 'mixture'; parts: { weight: number; of: Distribution }[] }
  /** Bucket i is [edgesNs[i], edgesNs[i + 1]), uniform within; one edge more than weights. */
  | { kind: 'histogram'; edgesNs: number[]; weights: number[] };

export type Arrivals =
  /** The arrival times themselves, not descending. */
  | { kind: 'at'; atNs: number[] }
  /**
   * Gaps drawn independently; Poisson when they are exponential. The first gap starts at `startNs`.
   */
  | { kind: 'renewal'; startNs: number; gap: Distribution }
  /**
   * Arrival k (from 0) at startNs + k × periodNs + a draw of jitter, never before arrival k − 1.
   */
  | { kind: 'periodic'; startNs: number; periodNs: number; jitter: Distribution }
  /**
   * On and off phases in turn from `startNs`; gaps are drawn while on, the first after the phase
   * starts.
   */
  | { kind: 'bursts'; startNs: number; on: Distribution; off: Distribution; gap: Distribution }
  | { kind: 'recording'; recording: RecordedArrivals };

/**
 * Arrivals of one source out of a recording, as columns of equal length, times not descending.
 * Each keeps its own processor, ISR and service time.
 */
export interface RecordedArrivals {
  /** Where it came from: file and stream, for people. */
  origin: string;
  atNs: Float64Array;
  processor: Uint16Array;
  isrNs: Uint32Array;
  serviceNs: Uint32Array;
}

/** At least one of the two; whichever comes first ends the run (R21). */
export interface Until {
  timeNs: number | null;
  interrupts: number | null;
}
