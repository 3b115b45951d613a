import { SUMMARY_FIRST, SUMMARY_MAX_NS } from '../../assembly/shared/abi.js';
import * as block from '../../assembly/shared/survey-block.js';
import type { CensusCell } from '../result/census.js';
import { countedNames, namedCounters, type Counters } from '../result/outcome.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './compiled-kernel.js';
import { ResultBlock } from './result-block.js';

/** What a shard that still runs has counted since its warm-up. */
export interface Survey {
  nowNs: number;
  /** The whole machine's; `stillQueued`, `threadNs` and `dpcThreadNs` are known in the end. */
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
  const survey = new ResultBlock(kernel.memory.buffer, address);
  const slots = new BigInt64Array(kernel.memory.buffer, address);
  const waits = survey.counts(block.SURVEY_WAITS);
  return {
    nowNs: survey.integer(block.SURVEY_NOW_NS),
    counters: namedCounters(countedNames(scenario), slots, block.SURVEY_COUNTERS),
    waits: {
      first: survey.integer(block.SURVEY_WAITS + SUMMARY_FIRST),
      counts: waits.slice(),
      maxNs: survey.integer(block.SURVEY_WAITS + SUMMARY_MAX_NS),
    },
    census: survey.census(block.SURVEY_DECISIONS_ADDRESS),
    processors: Array.from({ length: scenario.machine.processors }, (_, i) =>
      readProcessor(survey, block.SURVEY_SLOTS + i * block.SURVEY_PROCESSOR_SLOTS),
    ),
  };
}

function readProcessor(survey: ResultBlock, record: number): ProcessorSurvey {
  return {
    isrNs: survey.integer(record + block.SURVEY_ISR_NS),
    clockNs: survey.integer(record + block.SURVEY_CLOCK_NS),
    ipiNs: survey.integer(record + block.SURVEY_IPI_NS),
    dispatchDrainNs: survey.integer(record + block.SURVEY_DISPATCH_DRAIN_NS),
    idleDrainNs: survey.integer(record + block.SURVEY_IDLE_DRAIN_NS),
    threadNs: survey.integer(record + block.SURVEY_THREAD_NS),
    dpcThreadNs: survey.integer(record + block.SURVEY_DPC_THREAD_NS),
    depth: survey.integer(record + block.SURVEY_DEPTH),
    depthMaximum: survey.integer(record + block.SURVEY_DEPTH_MAXIMUM),
    depthAreaNs: Number(survey.wide(record + block.SURVEY_DEPTH_AREA)),
  };
}
