import type { LatencySummary } from './document.js';
import type { LatencyName } from './figures.js';
import type { ShardHalves } from './observation.js';
import type { OverTime } from './over-time.js';
import type { Counters, MachineStop, ProcessorOutcome } from './outcome.js';

/** What has intervals over shards: the machine, or every source and processor as well. */
export type IntervalScope = 'machine' | 'all';

/** Counters and latencies of the machine, a source or a processor, without histograms. */
export interface ScopeLine {
  counters: Counters;
  latency: Record<LatencyName, LatencySummary>;
}

export interface ProcessorLine
  extends ScopeLine, Pick<ProcessorOutcome, 'timeSplit' | 'queueDepth'> {}

/** The figures that are left of a shard when it is added up; its own are the whole machine's. */
export interface ShardLine extends ScopeLine {
  shardIndex: number;
  endNs: number;
  startNs: number;
  unserved: number;
  /** What stopped the machine (R23). */
  stop: MachineStop | null;
  /** See `Shard.halfNs`. */
  halves: ShardHalves | null;
  /** See `Shard.binNs`. */
  overTime: OverTime | null;
  /** Empty, as processors are, unless they are to have intervals. */
  sources: ScopeLine[];
  processors: ProcessorLine[];
  /** The sources that the scenario's focus names, by name; none where it names none. */
  focused: Record<string, ScopeLine>;
}
