import type { CensusCell } from './census.js';
import type { ShardHalves } from './observation.js';
import type { SparseCounts } from './sparse-counts.js';

/**
 * What one simulated machine (a shard) reports, unpacked from the kernel's result block.
 * For who looks at a single one; a run hands on `PolicySum`s.
 */
export interface ShardOutcome {
  /**
   * Simulated time at which the machine stopped, in ns, and where its statistics begin (warm-up
   * cut).
   */
  endNs: number;
  startNs: number;
  /** Items left when an `until.interrupts` run gave up (R21); 0 otherwise. */
  unserved: number;
  /** What stopped the machine, at `endNs` (R23); null when nothing did. */
  stop: MachineStop | null;
  /** How it stood at the ends of both halves of what was measured, if that was asked for. */
  halves?: ShardHalves | null;
  machine: ScopeOutcome;
  /** By ascending cell: those that occurred. */
  census: CensusCell[] | null;
  /** In the scenario's order. */
  sources: ScopeOutcome[];
  /** By processor index. */
  processors: ProcessorOutcome[];
}

/** A watchdog's timeout that stopped a machine (R23), as bug check 0x133 does. */
export interface MachineStop {
  /** Which limit was reached: of a single routine or ISR, or of the time at DISPATCH or above. */
  kind: 'routine' | 'dispatch';
  processor: number;
  atNs: number;
  /** What lay lowest in the stack: a drain's routine, an ISR's source, or neither of them. */
  dpc: string | null;
  isr: string | null;
}

/**
 * How long routines ran: each counted in full when it starts, without the machine's costs around it
 * and without what interrupts it. All together, and the longest; whole ns.
 */
export interface Execution {
  isr: { totalNs: bigint; maxNs: number };
  dpc: { totalNs: bigint; maxNs: number };
}

export function noExecution(): Execution {
  return { isr: { totalNs: 0n, maxNs: 0 }, dpc: { totalNs: 0n, maxNs: 0 } };
}

/** Both together. */
export function addExecutions(a: Execution, b: Execution): Execution {
  const add = (kind: keyof Execution): Execution['isr'] => ({
    totalNs: a[kind].totalNs + b[kind].totalNs,
    maxNs: Math.max(a[kind].maxNs, b[kind].maxNs),
  });
  return { isr: add('isr'), dpc: add('dpc') };
}

/** Counters and latencies of the whole machine, one source or one processor. */
export interface ScopeOutcome {
  counters: Counters;
  execution: Execution;
  isrWait: HistogramData;
  dpcWait: HistogramData;
  interruptToDpc: HistogramData;
}

export interface ProcessorOutcome extends ScopeOutcome {
  timeSplit: TimeSplit;
  queueDepth: { maximum: number; /** depth × ns, for the time-weighted mean */ areaNs: bigint };
}

/**
 * What is counted, in the order of the kernel (assembly/records/scope.ts) and of every result;
 * section 10 of docs/semantics.md says what each is. A new one stands in LATER_COUNTERS too.
 */
export const COUNTER_NAMES = [
  'arrivals',
  'merged',
  'dropped',
  'isrs',
  'inserts',
  'coalesced',
  'localRequests',
  'ipis',
  'suppressed',
  'declined',
  'dispatchDrains',
  'idleDrains',
  'spurious',
  'dpcs',
  'ticks',
  'rescues',
  'missed',
  'threadNs',
  'dpcThreadNs',
  'held',
  'routineTimeouts',
  'dispatchTimeouts',
  'stillQueued',
] as const;
/** A counter of a scope; what each counts says the schema of a result. */
export type CounterName = (typeof COUNTER_NAMES)[number];
/**
 * Those that a result may lack: its scenario does not use the rule that they count, or it was
 * written before there was such a rule.
 */
export const LATER_COUNTERS = [
  'dpcThreadNs',
  'held',
  'routineTimeouts',
  'dispatchTimeouts',
] as const satisfies readonly CounterName[];
type LaterCounter = (typeof LATER_COUNTERS)[number];

/** What of a scenario says which counters its results have. */
export interface CountedScenario {
  machine: { watchdog?: object };
  sources: readonly (
    { kind: 'device'; dpc: { threaded?: boolean } | null; moderation?: object } | { kind: 'timer' }
  )[];
}

/** The counters of a scenario's results, in their order (section 10 of docs/semantics.md). */
export function countedNames({ machine, sources }: CountedScenario): CounterName[] {
  const devices = sources.filter((source) => source.kind === 'device');
  const hasWatchdog = machine.watchdog !== undefined;
  const isUsed: Record<LaterCounter, boolean> = {
    dpcThreadNs: devices.some(({ dpc }) => dpc?.threaded === true),
    held: devices.some(({ moderation }) => moderation !== undefined),
    routineTimeouts: hasWatchdog,
    dispatchTimeouts: hasWatchdog,
  };
  return COUNTER_NAMES.filter((name) => !(name in isUsed) || isUsed[name as LaterCounter]);
}

/** The counters, and `drains`: from the DISPATCH interrupt and from the idle loop together. */
export const RATE_NAMES = [...COUNTER_NAMES, 'drains'] as const;
export type RateName = (typeof RATE_NAMES)[number];
/**
 * A source counts what its arrivals and its DPC objects did (drains, ticks, rescues, threadNs stay
 * 0). A processor counts what happened on it; inserts, requests and declines count at the target.
 */
export type Counters = Record<Exclude<CounterName, LaterCounter>, number> &
  Partial<Record<LaterCounter, number>>;
/** Those that are counted, out of a list that holds all of them in their order. */
export function namedCounters(
  counted: readonly CounterName[],
  values: ArrayLike<bigint>,
  first: number,
): Counters {
  const entries = counted.map((name) => [
    name,
    Number(values[first + COUNTER_NAMES.indexOf(name)]),
  ]);
  return Object.fromEntries(entries) as Counters;
}

/** Numbers by name, out of a list that holds them in the order of the names, from `first` on. */
export function named<Name extends string>(
  names: readonly Name[],
  values: ArrayLike<bigint>,
  first: number,
): Record<Name, number> {
  const record = {} as Record<Name, number>;
  names.forEach((name, i) => {
    record[name] = Number(values[first + i]);
  });
  return record;
}

/** How the processors' time was spent, in ns; `idleNs` is the rest, halted, polling or waking. */
export interface TimeSplit {
  isrNs: number;
  clockNs: number;
  ipiNs: number;
  dispatchDrainNs: number;
  idleDrainNs: number;
  threadNs: number;
  /** Where the scenario has threaded DPCs (R22). */
  dpcThreadNs?: number;
  idleNs: number;
}

/** Interrupts, and the DPCs that they leave to be done: what is neither a thread's nor idle. */
export const INTERRUPT_TIMES = [
  'isrNs',
  'clockNs',
  'ipiNs',
  'dispatchDrainNs',
  'idleDrainNs',
  'dpcThreadNs',
] as const satisfies readonly (keyof TimeSplit)[];

/**
 * A log-linear histogram with the index formula of HdrHistogram for three significant digits from
 * 1 ns (2,048 sub-buckets), without its empty buckets: `counts[i]` samples fell into bucket
 * `buckets[i]`, ascending. Count, sum, min and max are exact.
 */
export interface HistogramData extends SparseCounts {
  count: number;
  sumNs: bigint;
  minNs: number;
  maxNs: number;
}
