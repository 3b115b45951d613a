import { COUNTER_COUNT, SUMMARY_SLOTS } from './abi';

// What `survey` writes of a shard that still runs: a header of the machine and a record for each
// processor, in 64-bit slots as the blocks of abi.ts. All is counted since the warm-up, but for
// SURVEY_WAITS and decisions, which add up over all shards in this memory and hold DPCs that were
// taken, decisions also those that are queued now.
export const SURVEY_NOW_NS: i32 = 0;
export const SURVEY_COUNTERS: i32 = SURVEY_NOW_NS + 1;
/** A record SUMMARY_* of the DPC waits: no sum, the samples in each bucket. */
export const SURVEY_WAITS: i32 = SURVEY_COUNTERS + COUNTER_COUNT;
export const SURVEY_DECISIONS_ADDRESS: i32 = SURVEY_WAITS + SUMMARY_SLOTS;
export const SURVEY_DECISIONS: i32 = SURVEY_DECISIONS_ADDRESS + 1;
export const SURVEY_SLOTS: i32 = SURVEY_DECISIONS + 1;
/** A processor: time by activity in ns, the rest is idle; queue depth. */
export const SURVEY_ISR_NS: i32 = 0;
export const SURVEY_CLOCK_NS: i32 = SURVEY_ISR_NS + 1;
export const SURVEY_IPI_NS: i32 = SURVEY_CLOCK_NS + 1;
export const SURVEY_DISPATCH_DRAIN_NS: i32 = SURVEY_IPI_NS + 1;
export const SURVEY_IDLE_DRAIN_NS: i32 = SURVEY_DISPATCH_DRAIN_NS + 1;
export const SURVEY_THREAD_NS: i32 = SURVEY_IDLE_DRAIN_NS + 1;
export const SURVEY_DPC_THREAD_NS: i32 = SURVEY_THREAD_NS + 1;
export const SURVEY_DEPTH: i32 = SURVEY_DPC_THREAD_NS + 1;
export const SURVEY_DEPTH_MAXIMUM: i32 = SURVEY_DEPTH + 1;
/** depth × ns: two slots, the lower 64 bits first. */
export const SURVEY_DEPTH_AREA: i32 = SURVEY_DEPTH_MAXIMUM + 1;
export const SURVEY_PROCESSOR_SLOTS: i32 = SURVEY_DEPTH_AREA + 2;
