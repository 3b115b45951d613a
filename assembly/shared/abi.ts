/**
 * THE CONTRACT between the kernel and its host. Must remain portable: plain typed constants,
 * compiled by asc into immediates and imported as they are by TypeScript.
 *
 * Both blocks are arrays of 64-bit little-endian slots, so an offset is a slot number. A slot holds
 * an i64 unless its comment says f64 (a 64-bit float) or u64 (a bit set). Each offset is the one
 * before it plus the slots of that, so that a field put between two moves all that follow.
 *
 * The config block, which the host writes; `*_SLOT` in its header says where each table begins:
 *
 *     0                     CONFIG_SLOTS
 *     | header CONFIG_*     | tables, in any order:                                       |
 *     | machine | policy |  | sources: SOURCE_* each; processors and arrivals of a source |
 *     | end | shard's key   | background: BACKGROUND_* for each processor                 |
 *     |                     | distributions: DISTRIBUTION_* each; parts of mixtures       |
 *     |                     | random streams: STREAM_* each; the bytes that seed them     |
 *
 * The result block, which the kernel writes. The header is of the last shard, records add up:
 *
 *     RESULT_*   0 END_NS | 1 START_NS | 2 UNSERVED
 *                COUNTERS   | COUNTER_COUNT counters of the machine
 *                LATENCIES  | LATENCY_COUNT x SUMMARY_* of the machine
 *                DECISIONS  | address and number of records DECISION_*
 *                SLOTS      | a record for each source, then for each processor
 *     SCOPE_*    0          | COUNTER_COUNT counters, those of assembly/records/scope.ts
 *                EXECUTION  | EXECUTION_*: how long routines ran
 *                LATENCIES  | LATENCY_COUNT x SUMMARY_*
 *                ISR_NS ... | time by activity and queue depth; 0 for sources
 *                SLOTS      | the next record
 */
export const ABI_VERSION: i32 = 7;
/** Rises whenever a rule of docs/semantics.md changes what a run computes. */
export const RULES_VERSION: i32 = 2;

// --- Limits. A scenario over one of them is refused before anything runs.
export const MAX_PROCESSORS: i32 = 1024;
export const MAX_SOURCES: i32 = 4096;
/** Pairs of a source and a processor that it interrupts. */
export const MAX_LINES: i32 = 65536;
export const MAX_DPC_OBJECTS: i32 = 131072;
/** Items over all FIFOs, 16 bytes each. */
export const MAX_FIFO_ITEMS: i32 = 67108864;
/** IPIs under way at once, over the whole machine. */
export const MAX_IPIS_IN_FLIGHT: i32 = 65536;
/** An ISR, service or per-item time; a longer draw is cut to this. */
export const MAX_WORK_NS: i64 = 4_000_000_000;
/** Nothing is simulated beyond this instant (11.5 days). */
export const MAX_TIME_NS: i64 = 1_000_000_000_000_000;

// --- Importance, with NT's numbers: they are names, their order means nothing.
export const IMPORTANCE_LOW: i32 = 0;
export const IMPORTANCE_MEDIUM: i32 = 1;
export const IMPORTANCE_HIGH: i32 = 2;
export const IMPORTANCE_MEDIUM_HIGH: i32 = 3;

// --- Facts of a target processor (R10): bits of the index into a condition's truth table.
export const FACT_OVER: i32 = 1;
export const FACT_SLOW: i32 = 2;
export const FACT_RARE: i32 = 4;
export const FACT_IDLE: i32 = 8;
export const FACT_POLLING: i32 = 16;
export const FACT_DEEP: i32 = 32;

// --- Config block: header.
export const CONFIG_ABI: i32 = 0;
export const CONFIG_PROCESSORS: i32 = CONFIG_ABI + 1;
export const CONFIG_TICK_NS: i32 = CONFIG_PROCESSORS + 1;
export const CONFIG_TICK_SKEW_NS: i32 = CONFIG_TICK_NS + 1;
export const CONFIG_DYNAMIC_TICK: i32 = CONFIG_TICK_SKEW_NS + 1;
export const CONFIG_POLL_NS: i32 = CONFIG_DYNAMIC_TICK + 1;
export const CONFIG_IPI_LEVEL: i32 = CONFIG_POLL_NS + 1;
export const CONFIG_INTERRUPT_NS: i32 = CONFIG_IPI_LEVEL + 1;
export const CONFIG_CLOCK_NS: i32 = CONFIG_INTERRUPT_NS + 1;
export const CONFIG_DISPATCH_NS: i32 = CONFIG_CLOCK_NS + 1;
export const CONFIG_DEQUEUE_NS: i32 = CONFIG_DISPATCH_NS + 1;
export const CONFIG_IPI_SEND_NS: i32 = CONFIG_DEQUEUE_NS + 1;
export const CONFIG_IPI_FLIGHT_NS: i32 = CONFIG_IPI_SEND_NS + 1;
export const CONFIG_IPI_HANDLER_NS: i32 = CONFIG_IPI_FLIGHT_NS + 1;
export const CONFIG_HALT_EXIT_NS: i32 = CONFIG_IPI_HANDLER_NS + 1;
export const CONFIG_THREAD_SWITCH_NS: i32 = CONFIG_HALT_EXIT_NS + 1;
/** Limits of R23 in ticks; 0 for none. */
export const CONFIG_WATCHDOG_ROUTINE_TICKS: i32 = CONFIG_THREAD_SWITCH_NS + 1;
export const CONFIG_WATCHDOG_DISPATCH_TICKS: i32 = CONFIG_WATCHDOG_ROUTINE_TICKS + 1;
/** 1: a timeout stops the machine. */
export const CONFIG_WATCHDOG_STOP: i32 = CONFIG_WATCHDOG_DISPATCH_TICKS + 1;
export const CONFIG_MAXIMUM_DPC_QUEUE_DEPTH: i32 = CONFIG_WATCHDOG_STOP + 1;
export const CONFIG_MINIMUM_DPC_RATE: i32 = CONFIG_MAXIMUM_DPC_QUEUE_DEPTH + 1;
export const CONFIG_IDEAL_DPC_RATE: i32 = CONFIG_MINIMUM_DPC_RATE + 1;
export const CONFIG_ADJUST_DPC_THRESHOLD: i32 = CONFIG_IDEAL_DPC_RATE + 1;
/** Eight truth tables (u64): importances 0 to 3 for the current processor, then for another one. */
export const CONFIG_CONDITIONS: i32 = CONFIG_ADJUST_DPC_THRESHOLD + 1;
/** Bit n: importance n is linked at the head. */
export const CONFIG_INSERT_AT_HEAD: i32 = CONFIG_CONDITIONS + 8;
export const CONFIG_DEPTH_EXCEEDS: i32 = CONFIG_INSERT_AT_HEAD + 1;
export const CONFIG_SUPPRESS: i32 = CONFIG_DEPTH_EXCEEDS + 1;
export const CONFIG_TICK_RESCUE: i32 = CONFIG_SUPPRESS + 1;
export const CONFIG_ADAPTIVE: i32 = CONFIG_TICK_RESCUE + 1;
export const CONFIG_DRAIN_LIMIT: i32 = CONFIG_ADAPTIVE + 1;
/** 0 for none. */
export const CONFIG_DRAIN_TIME_NS: i32 = CONFIG_DRAIN_LIMIT + 1;
/** 0 for none; with a warm-up, of those after it. */
export const CONFIG_UNTIL_INTERRUPTS: i32 = CONFIG_DRAIN_TIME_NS + 1;
/** MAX_TIME_NS for none. */
export const CONFIG_UNTIL_TIME_NS: i32 = CONFIG_UNTIL_INTERRUPTS + 1;
/** LOG_NOTHING, LOG_EVENTS or LOG_DETAILS (log-layout.ts). */
export const CONFIG_EVENT_LOG: i32 = CONFIG_UNTIL_TIME_NS + 1;
/** 1: one event at a time over the whole machine, even where processors could run ahead. */
export const CONFIG_LOCKSTEP: i32 = CONFIG_EVENT_LOG + 1;
/** Counts and first slots of the tables that follow the header. */
export const CONFIG_SOURCE_COUNT: i32 = CONFIG_LOCKSTEP + 1;
export const CONFIG_SOURCE_SLOT: i32 = CONFIG_SOURCE_COUNT + 1;
/** 0, or one for each processor. */
export const CONFIG_BACKGROUND_COUNT: i32 = CONFIG_SOURCE_SLOT + 1;
export const CONFIG_BACKGROUND_SLOT: i32 = CONFIG_BACKGROUND_COUNT + 1;
export const CONFIG_DISTRIBUTION_COUNT: i32 = CONFIG_BACKGROUND_SLOT + 1;
export const CONFIG_DISTRIBUTION_SLOT: i32 = CONFIG_DISTRIBUTION_COUNT + 1;
/** 1: what is sampled before `endWarmUp` is dropped. */
export const CONFIG_WARMUP: i32 = CONFIG_DISTRIBUTION_SLOT + 1;
/** 1: decisions are counted (DECISION_*). */
export const CONFIG_CENSUS: i32 = CONFIG_WARMUP + 1;
/** Random streams: their table, and the bytes, at most 64, that seed those of this shard. */
export const CONFIG_STREAM_COUNT: i32 = CONFIG_CENSUS + 1;
export const CONFIG_STREAM_SLOT: i32 = CONFIG_STREAM_COUNT + 1;
export const CONFIG_SHARD_KEY_BYTES: i32 = CONFIG_STREAM_SLOT + 1;
export const CONFIG_SHARD_KEY: i32 = CONFIG_SHARD_KEY_BYTES + 1;
export const CONFIG_SLOTS: i32 = CONFIG_SHARD_KEY + 8;

// --- Config block: one record for each source.
export const SOURCE_IS_TIMER: i32 = 0;
export const SOURCE_IRQL: i32 = SOURCE_IS_TIMER + 1;
export const SOURCE_FIFO: i32 = SOURCE_IRQL + 1;
/** First slot and length of the list of processors (a slot each). */
export const SOURCE_PROCESSORS_SLOT: i32 = SOURCE_FIFO + 1;
export const SOURCE_PROCESSORS_COUNT: i32 = SOURCE_PROCESSORS_SLOT + 1;
export const SOURCE_ISR: i32 = SOURCE_PROCESSORS_COUNT + 1; // distribution
export const SOURCE_ARRIVALS: i32 = SOURCE_ISR + 1; // ARRIVALS_*
export const SOURCE_START_NS: i32 = SOURCE_ARRIVALS + 1;
export const SOURCE_PERIOD_NS: i32 = SOURCE_START_NS + 1; // periodic; timer
/** A distribution: the gap, or the jitter of periodic arrivals. */
export const SOURCE_GAP: i32 = SOURCE_PERIOD_NS + 1;
export const SOURCE_ON: i32 = SOURCE_GAP + 1; // distribution
export const SOURCE_OFF: i32 = SOURCE_ON + 1; // distribution
/**
 * First slot and length of the arrival table: `at` one slot each, recording RECORDED_SLOTS each.
 */
export const SOURCE_TABLE_SLOT: i32 = SOURCE_OFF + 1;
export const SOURCE_TABLE_COUNT: i32 = SOURCE_TABLE_SLOT + 1;
export const SOURCE_HAS_DPC: i32 = SOURCE_TABLE_COUNT + 1;
export const SOURCE_IMPORTANCE: i32 = SOURCE_HAS_DPC + 1;
/** A processor's index, or TARGET_*. */
export const SOURCE_TARGET: i32 = SOURCE_IMPORTANCE + 1;
export const SOURCE_PER_PROCESSOR: i32 = SOURCE_TARGET + 1;
export const SOURCE_SERVICE: i32 = SOURCE_PER_PROCESSOR + 1; // distribution; also a timer's
export const SOURCE_PER_ITEM: i32 = SOURCE_SERVICE + 1; // distribution
export const SOURCE_BUDGET: i32 = SOURCE_PER_ITEM + 1;
/** 1: its DPCs run in the DPC threads of their processors (R22). */
export const SOURCE_THREADED: i32 = SOURCE_BUDGET + 1;
/** R24. 1: moderated; then the time, -1 for none, and the count, 0 for none. */
export const SOURCE_MODERATED: i32 = SOURCE_THREADED + 1;
export const SOURCE_MODERATION_TIME_NS: i32 = SOURCE_MODERATED + 1;
export const SOURCE_MODERATION_COUNT: i32 = SOURCE_MODERATION_TIME_NS + 1;
/** Five random streams of two slots each: gap, phase, isr, service, perItem. */
export const SOURCE_STREAMS: i32 = SOURCE_MODERATION_COUNT + 1;
export const SOURCE_SLOTS: i32 = SOURCE_STREAMS + 2 * 5;

export const TARGET_CURRENT: i32 = -1;
export const TARGET_ROUND_ROBIN: i32 = -2;

export const ARRIVALS_NONE: i32 = 0;
export const ARRIVALS_AT: i32 = 1;
export const ARRIVALS_RENEWAL: i32 = 2;
export const ARRIVALS_PERIODIC: i32 = 3;
export const ARRIVALS_BURSTS: i32 = 4;
export const ARRIVALS_RECORDING: i32 = 5;

/** A recorded arrival: its time | processor << RECORDED_TIME_BITS, isrNs | serviceNs << 32. */
export const RECORDED_SLOTS: i32 = 2;
/** MAX_TIME_NS is below 2^50, and ten bits above it hold a processor. */
export const RECORDED_TIME_BITS: i32 = 50;

// --- Config block: one record for each processor's background (distributions), and its stream.
export const BACKGROUND_BUSY: i32 = 0;
export const BACKGROUND_IDLE: i32 = BACKGROUND_BUSY + 1;
export const BACKGROUND_PASSIVE: i32 = BACKGROUND_IDLE + 1;
export const BACKGROUND_DISPATCH: i32 = BACKGROUND_PASSIVE + 1;
export const BACKGROUND_STREAM: i32 = BACKGROUND_DISPATCH + 1;
export const BACKGROUND_SLOTS: i32 = BACKGROUND_STREAM + 2;

// --- Config block: one record for each random stream: the first of two slots for its state, which
// `startShard` fills; the first slot of the bytes that seed it, and how many they are.
export const STREAM_STATE: i32 = 0;
export const STREAM_KEY: i32 = STREAM_STATE + 1;
export const STREAM_KEY_BYTES: i32 = STREAM_KEY + 1;
export const STREAM_SLOTS: i32 = STREAM_KEY_BYTES + 1;

// --- Config block: distributions. Parameters are f64.
export const DISTRIBUTION_KIND: i32 = 0;
export const DISTRIBUTION_A: i32 = DISTRIBUTION_KIND + 1;
export const DISTRIBUTION_B: i32 = DISTRIBUTION_A + 1;
export const DISTRIBUTION_C: i32 = DISTRIBUTION_B + 1;
/**
 * First slot and number of parts: mixture [cumulative weight f64, distribution], histogram
 * [cumulative weight, low, high] f64.
 */
export const DISTRIBUTION_PARTS_SLOT: i32 = DISTRIBUTION_C + 1;
export const DISTRIBUTION_PARTS_COUNT: i32 = DISTRIBUTION_PARTS_SLOT + 1;
export const DISTRIBUTION_SLOTS: i32 = DISTRIBUTION_PARTS_COUNT + 1;

export const DRAW_CONSTANT: i32 = 0; // a = ns
export const DRAW_UNIFORM: i32 = 1; // a = min, b = max − min
export const DRAW_EXPONENTIAL: i32 = 2; // a = mean
export const DRAW_LOGNORMAL: i32 = 3; // a = mu, b = sigma of the logarithm
export const DRAW_PARETO: i32 = 4; // a = min, b = 1 − (min / max)^shape, c = −1 / shape
export const DRAW_MIXTURE: i32 = 5;
export const DRAW_HISTOGRAM: i32 = 6;

// --- What `startShard` answers.
export const INIT_OK: i32 = 0;
export const INIT_ABI: i32 = 1;
export const INIT_LINES: i32 = 2;
export const INIT_OBJECTS: i32 = 3;
export const INIT_FIFO_ITEMS: i32 = 4;
export const INIT_MEMORY: i32 = 5;
export const INIT_NO_EVENT_LOG: i32 = 6;

// --- What `runShard` answers.
export const RUN_DONE: i32 = 0;
/** The chunk is used up, or the instant that was asked for is reached; call again. */
export const RUN_MORE: i32 = 1;
/** The event log is full; read it and call again. */
export const RUN_LOG_FULL: i32 = 2;
export const RUN_IPI_OVERFLOW: i32 = 3;

// --- Result block: a header of the last shard, then a record for each source and for each
// processor, which add up over all shards in this memory.

/**
 * Counters of a scope: the fields of assembly/records/scope.ts and the COUNTER_NAMES of
 * src/result/outcome.ts, in one order. test/tidy/counters.test.ts holds them together.
 */
export const COUNTER_COUNT: i32 = 23;

/**
 * Execution times of a scope, behind its counters: of its ISRs and of its DPC routines, all
 * together and the longest, in ns. Each is counted in full when it starts, without the machine's
 * costs around it and without what interrupts it.
 */
export const EXECUTION_ISR_NS: i32 = 0;
export const EXECUTION_ISR_MAX_NS: i32 = EXECUTION_ISR_NS + 1;
export const EXECUTION_DPC_NS: i32 = EXECUTION_ISR_MAX_NS + 1;
export const EXECUTION_DPC_MAX_NS: i32 = EXECUTION_DPC_NS + 1;
export const EXECUTION_SLOTS: i32 = EXECUTION_DPC_MAX_NS + 1;

export const LATENCY_ISR_WAIT: i32 = 0;
export const LATENCY_DPC_WAIT: i32 = 1;
export const LATENCY_INTERRUPT_TO_DPC: i32 = 2;
export const LATENCY_COUNT: i32 = 3;
/**
 * A latency: sum (two slots, the lower 64 bits first), min, max in ns; address of its u32 counts;
 * first bucket used, buckets used; samples, which only `pack` writes.
 */
export const SUMMARY_SUM_NS: i32 = 0;
export const SUMMARY_MIN_NS: i32 = SUMMARY_SUM_NS + 2;
export const SUMMARY_MAX_NS: i32 = SUMMARY_MIN_NS + 1;
export const SUMMARY_COUNTS_ADDRESS: i32 = SUMMARY_MAX_NS + 1;
export const SUMMARY_FIRST: i32 = SUMMARY_COUNTS_ADDRESS + 1;
export const SUMMARY_USED: i32 = SUMMARY_FIRST + 1;
export const SUMMARY_SAMPLES: i32 = SUMMARY_USED + 1;
export const SUMMARY_SLOTS: i32 = SUMMARY_SAMPLES + 1;

export const RESULT_END_NS: i32 = 0;
export const RESULT_START_NS: i32 = RESULT_END_NS + 1;
export const RESULT_UNSERVED: i32 = RESULT_START_NS + 1;
/** What stopped the machine (R23): WATCHDOG_*; the instant is RESULT_END_NS. */
export const RESULT_STOP: i32 = RESULT_UNSERVED + 1;
export const RESULT_STOP_PROCESSOR: i32 = RESULT_STOP + 1;
/** What lies lowest in the stack: CULPRIT_*, and a DPC as in the log or a source's index. */
export const RESULT_STOP_CULPRIT: i32 = RESULT_STOP_PROCESSOR + 1;
export const RESULT_STOP_NAME: i32 = RESULT_STOP_CULPRIT + 1;
/** This shard's counters, of the whole machine. */
export const RESULT_COUNTERS: i32 = RESULT_STOP_NAME + 1;
/**
 * The latencies of the whole machine: this shard's, with the samples up to each bucket for counts;
 * after `collectSeries` those of all shards, with the samples in each.
 */
export const RESULT_LATENCIES: i32 = RESULT_COUNTERS + COUNTER_COUNT;
/** After `collectSeries`: where records of the census begin, and how many there are. */
export const RESULT_DECISIONS_ADDRESS: i32 = RESULT_LATENCIES + LATENCY_COUNT * SUMMARY_SLOTS;
export const RESULT_DECISIONS: i32 = RESULT_DECISIONS_ADDRESS + 1;
export const RESULT_SLOTS: i32 = RESULT_DECISIONS + 1;

/** Behind the counters, with which a scope's record begins. */
export const SCOPE_EXECUTION: i32 = COUNTER_COUNT;
/** `collectSeries` writes them. */
export const SCOPE_LATENCIES: i32 = SCOPE_EXECUTION + EXECUTION_SLOTS;
/** Processors only (0 for sources): time by activity in ns, queue depth. */
export const SCOPE_ISR_NS: i32 = SCOPE_LATENCIES + LATENCY_COUNT * SUMMARY_SLOTS;
export const SCOPE_CLOCK_NS: i32 = SCOPE_ISR_NS + 1;
export const SCOPE_IPI_NS: i32 = SCOPE_CLOCK_NS + 1;
export const SCOPE_DISPATCH_DRAIN_NS: i32 = SCOPE_IPI_NS + 1;
export const SCOPE_IDLE_DRAIN_NS: i32 = SCOPE_DISPATCH_DRAIN_NS + 1;
export const SCOPE_IDLE_NS: i32 = SCOPE_IDLE_DRAIN_NS + 1;
export const SCOPE_DEPTH_MAXIMUM: i32 = SCOPE_IDLE_NS + 1;
/** depth × ns: two slots, the lower 64 bits first. */
export const SCOPE_DEPTH_AREA: i32 = SCOPE_DEPTH_MAXIMUM + 1;
export const SCOPE_SLOTS: i32 = SCOPE_DEPTH_AREA + 2;

// --- What `observe` writes: the machine as it stands, and sums over device sources since the
// warm-up.
export const OBSERVED_NOW_NS: i32 = 0;
export const OBSERVED_ARRIVALS: i32 = OBSERVED_NOW_NS + 1;
export const OBSERVED_IPIS: i32 = OBSERVED_ARRIVALS + 1;
export const OBSERVED_DPCS: i32 = OBSERVED_IPIS + 1;
export const OBSERVED_DPC_WAIT_NS: i32 = OBSERVED_DPCS + 1;
export const OBSERVED_INTERRUPT_TO_DPC_NS: i32 = OBSERVED_DPC_WAIT_NS + 1;
/** Sums over processors of what R16 moves: maximum depths, rates of both kinds; and of depths. */
export const OBSERVED_MAXIMUM_DEPTHS: i32 = OBSERVED_INTERRUPT_TO_DPC_NS + 1;
export const OBSERVED_RATES: i32 = OBSERVED_MAXIMUM_DEPTHS + 1;
export const OBSERVED_DEPTHS: i32 = OBSERVED_RATES + 1;
export const OBSERVED_SLOTS: i32 = OBSERVED_DEPTHS + 1;

// --- What `survey` writes of a shard that runs: a header of the machine, then a record SCOPE_* for
// each processor, all since the warm-up; waits, decisions: of all shards in this memory.
export const SURVEY_NOW_NS: i32 = 0;
export const SURVEY_COUNTERS: i32 = SURVEY_NOW_NS + 1;
/** A record SUMMARY_* of the DPC waits: no sum, the samples in each bucket. */
export const SURVEY_WAITS: i32 = SURVEY_COUNTERS + COUNTER_COUNT;
export const SURVEY_DECISIONS_ADDRESS: i32 = SURVEY_WAITS + SUMMARY_SLOTS;
export const SURVEY_DECISIONS: i32 = SURVEY_DECISIONS_ADDRESS + 1;
export const SURVEY_SLOTS: i32 = SURVEY_DECISIONS + 1;

// --- Histograms: the index formula of HdrHistogram, three significant digits from 1 ns.
/** An octave has 2^HISTOGRAM_HALF_BITS buckets; none is wider than that part of its values. */
export const HISTOGRAM_HALF_BITS: i32 = 10;
/** Values of 2^37 ns (137 s) and above fall into the last bucket. */
export const HISTOGRAM_TOP_BITS: i32 = 37;
export const HISTOGRAM_BUCKETS: i32 =
  (HISTOGRAM_TOP_BITS - HISTOGRAM_HALF_BITS + 1) << HISTOGRAM_HALF_BITS;

// --- Census of decisions: a cell is a situation in which R10 was asked. Its number: the FACT_* of
// the target; from bit CELL_WORD_BITS on the condition of CONFIG_CONDITIONS that was asked; and
// CELL_SUPPRESSED when the answer was yes and nothing was requested all the same.
export const CELL_WORD_BITS: i32 = 6;
export const CELL_SUPPRESSED: i32 = 8 << CELL_WORD_BITS;
// A threaded DPC asks R22 and no facts: CELL_THREADED, the condition that R10 would have asked, and
// CELL_THREADED_SUPPRESSED.
export const CELL_THREADED: i32 = 2 * CELL_SUPPRESSED;
export const CELL_THREADED_SUPPRESSED: i32 = 8;
export const CELL_COUNT: i32 = CELL_THREADED + 2 * CELL_THREADED_SUPPRESSED;
/** Buckets of an octave, and all of them: those of HISTOGRAM_BUCKETS, some put together. */
export const DECISION_BUCKET_BITS: i32 = 5;
export const DECISION_BUCKETS: i32 =
  HISTOGRAM_BUCKETS >> (HISTOGRAM_HALF_BITS - DECISION_BUCKET_BITS);
/**
 * A record: the cell; DPCs linked in it; of those taken, the sum (128 bits) and the greatest of
 * their waits in ns, and the address of the u32 counts in DECISION_BUCKETS buckets.
 */
export const DECISION_CELL: i32 = 0;
export const DECISION_INSERTS: i32 = DECISION_CELL + 1;
export const DECISION_SUM_NS: i32 = DECISION_INSERTS + 1;
export const DECISION_MAX_NS: i32 = DECISION_SUM_NS + 2;
export const DECISION_COUNTS_ADDRESS: i32 = DECISION_MAX_NS + 1;
export const DECISION_SLOTS: i32 = DECISION_COUNTS_ADDRESS + 1;

// --- Packed histograms: for each block of so many buckets, from that of the first bucket used to
// that of the last one, a byte with the width of its counts: 1, 2 or 4 bytes, or 8 for an f64,
// which the kernel has no need of. Then their sum, of 4 bytes or 8, and the counts, lowest byte
// first. An empty block is a byte 0, and one with n < 16 samples a byte PACKED_FEW + n and a half
// byte for each of them, the lower one first: its bucket's place in the block, ascending.
export const PACKED_BLOCK: i32 = 16;
export const PACKED_FEW: i32 = 16;

export const REQUEST_NONE: i32 = 0;
export const REQUEST_SUPPRESSED: i32 = 1;
export const REQUEST_LOCAL: i32 = 2;
export const REQUEST_IPI: i32 = 3;

/** What an arrival does to its interrupt (R6, R24). */
export const RAISE_RAISED: i32 = 0;
export const RAISE_MERGED: i32 = 1;
export const RAISE_HELD: i32 = 2;

/** Which limit was reached (R23), and what was found in the stack. */
export const WATCHDOG_NONE: i32 = 0;
export const WATCHDOG_ROUTINE: i32 = 1;
export const WATCHDOG_DISPATCH: i32 = 2;
export const CULPRIT_NONE: i32 = 0;
export const CULPRIT_DPC: i32 = 1;
export const CULPRIT_ISR: i32 = 2;
