import * as abi from '../../assembly/shared/abi.js';
import type { CensusCell } from '../result/census.js';
import {
  countedNames,
  namedCounters,
  type CounterName,
  type Counters,
  type TimeSplit,
} from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './compiled-kernel.js';
import { ResultBlock } from './result-block.js';

/** What a shard that still runs has counted since its warm-up. */
export interface Survey {
  nowNs: number;
  /** The whole machine's; `stillQueued` is what is queued now. */
  counters: Counters;
  /** DPC waits of this shard and of those before it in the same kernel. */
  waits: SurveyedWaits;
  /** Decisions, likewise of all shards in the kernel. */
  census: CensusCell[];
  processors: ProcessorSurvey[];
}

/** Samples in the buckets from `first` on (docs/adr/0005-histogram-format.md): a copy. */
export interface SurveyedWaits {
  first: number;
  counts: Uint32Array;
  maxNs: number;
}

export interface ProcessorSurvey {
  counters: Counters;
  timeSplit: TimeSplit;
  /** The greatest of the shard, and depth × ns. */
  queueDepth: { maximum: number; areaNs: number };
}

/** Between two chunks of a shard; it goes on as if nobody had looked. */
export function readSurvey(kernel: Kernel, scenario: Scenario): Survey {
  const address = kernel.survey() >>> 0;
  const block = new ResultBlock(kernel.memory.buffer, address);
  const slots = new BigInt64Array(kernel.memory.buffer, address);
  const counted = countedNames(scenario);
  return {
    nowNs: block.integer(abi.SURVEY_NOW_NS),
    counters: namedCounters(counted, slots, abi.SURVEY_COUNTERS),
    waits: {
      first: block.integer(abi.SURVEY_WAITS + abi.SUMMARY_FIRST),
      counts: block.counts(abi.SURVEY_WAITS).slice(),
      maxNs: block.integer(abi.SURVEY_WAITS + abi.SUMMARY_MAX_NS),
    },
    census: block.census(abi.SURVEY_DECISIONS_ADDRESS),
    processors: Array.from({ length: scenario.machine.processors }, (_, i) =>
      readProcessor(block, abi.SURVEY_SLOTS + i * abi.SCOPE_SLOTS, { counted, slots }),
    ),
  };
}

function readProcessor(
  block: ResultBlock,
  record: number,
  { counted, slots }: { counted: readonly CounterName[]; slots: BigInt64Array },
): ProcessorSurvey {
  const counters = namedCounters(counted, slots, record);
  const { dpcThreadNs } = counters;
  return {
    counters,
    timeSplit: {
      isrNs: block.integer(record + abi.SCOPE_ISR_NS),
      clockNs: block.integer(record + abi.SCOPE_CLOCK_NS),
      ipiNs: block.integer(record + abi.SCOPE_IPI_NS),
      dispatchDrainNs: block.integer(record + abi.SCOPE_DISPATCH_DRAIN_NS),
      idleDrainNs: block.integer(record + abi.SCOPE_IDLE_DRAIN_NS),
      threadNs: counters.threadNs,
      ...(dpcThreadNs === undefined ? {} : { dpcThreadNs }),
      idleNs: block.integer(record + abi.SCOPE_IDLE_NS),
    },
    queueDepth: {
      maximum: block.integer(record + abi.SCOPE_DEPTH_MAXIMUM),
      areaNs: Number(block.wide(record + abi.SCOPE_DEPTH_AREA)),
    },
  };
}
