import * as abi from '../../assembly/shared/abi.js';
import type { CensusCell } from '../result/census.js';
import { countedNames, namedCounters, type Counters } from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './compiled-kernel.js';
import { ResultBlock } from './result-block.js';

/** What a shard that still runs has counted since its warm-up. */
export interface Survey {
  nowNs: number;
  /** Of the whole machine; `stillQueued`, `threadNs` and `dpcThreadNs` are known in the end only. */
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
  isrNs: number;
  clockNs: number;
  ipiNs: number;
  dispatchDrainNs: number;
  idleDrainNs: number;
  threadNs: number;
  dpcThreadNs: number;
  /** Now; the greatest of the shard; depth × ns. */
  depth: number;
  depthMaximum: number;
  depthAreaNs: number;
}

/** Between two chunks of a shard; it goes on as if nobody had looked. */
export function readSurvey(kernel: Kernel, scenario: Scenario): Survey {
  const address = kernel.survey() >>> 0;
  const block = new ResultBlock(kernel.memory.buffer, address);
  const slots = new BigInt64Array(kernel.memory.buffer, address);
  const waits = block.counts(abi.SURVEY_WAITS);
  return {
    nowNs: block.integer(abi.SURVEY_NOW_NS),
    counters: namedCounters(countedNames(scenario), slots, abi.SURVEY_COUNTERS),
    waits: {
      first: block.integer(abi.SURVEY_WAITS + abi.SUMMARY_FIRST),
      counts: waits.slice(),
      maxNs: block.integer(abi.SURVEY_WAITS + abi.SUMMARY_MAX_NS),
    },
    census: block.census(abi.SURVEY_DECISIONS_ADDRESS),
    processors: Array.from({ length: scenario.machine.processors }, (_, i) =>
      readProcessor(block, abi.SURVEY_SLOTS + i * abi.SURVEY_PROCESSOR_SLOTS),
    ),
  };
}

function readProcessor(block: ResultBlock, record: number): ProcessorSurvey {
  return {
    isrNs: block.integer(record + abi.SURVEY_ISR_NS),
    clockNs: block.integer(record + abi.SURVEY_CLOCK_NS),
    ipiNs: block.integer(record + abi.SURVEY_IPI_NS),
    dispatchDrainNs: block.integer(record + abi.SURVEY_DISPATCH_DRAIN_NS),
    idleDrainNs: block.integer(record + abi.SURVEY_IDLE_DRAIN_NS),
    threadNs: block.integer(record + abi.SURVEY_THREAD_NS),
    dpcThreadNs: block.integer(record + abi.SURVEY_DPC_THREAD_NS),
    depth: block.integer(record + abi.SURVEY_DEPTH),
    depthMaximum: block.integer(record + abi.SURVEY_DEPTH_MAXIMUM),
    depthAreaNs: Number(block.wide(record + abi.SURVEY_DEPTH_AREA)),
  };
}
