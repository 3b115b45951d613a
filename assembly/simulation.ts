import {
  ABI_VERSION,
  CONFIG_ABI,
  CONFIG_LOCKSTEP,
  CONFIG_WARMUP,
  INIT_ABI,
  INIT_MEMORY,
  INIT_NO_EVENT_LOG,
  INIT_OK,
  RUN_DONE,
  RUN_IPI_OVERFLOW,
  RUN_LOG_FULL,
  RUN_MORE,
} from './shared/abi';
import { drawAhead } from './streams/arrivals';
import { thinkTimeNs } from './rules/background';
import {
  countInterruptsFrom,
  eventLog,
  processorCount,
  readConfig,
  slot,
  untilTimeNs,
} from './ground/config';
import { enterIdleLoop } from './rules/dispatch';
import { carveLog, logIsFull } from './results/event-log';
import { arrivalTotal, startCounting } from './rules/interrupt';
import { startItems } from './records/dpc';
import { carveBuckets, emptyHistograms, startSamples } from './ground/histogram';
import { startInserts } from './rules/insert';
import { carveIpis, ipisOverflown } from './rules/ipi';
import {
  carveLockstep,
  enterLockstep,
  hasGivenUp,
  step,
  stepNs,
  STEP_LAST,
  STEP_NONE,
} from './engines/lockstep';
import { carveMachineBuckets } from './results/machine-latencies';
import { writeObservation } from './results/observation';
import {
  carve,
  carvedSoFar,
  carveFrom,
  endRecords,
  firstCarved,
  memoryFailed,
  wipeRecords,
} from './ground/memory';
import { carveCensus, emptyCensus, startCensus } from './results/census';
import { carveSurvey, surveyFrom, wipeSurvey, writeSurvey } from './results/survey';
import { carvePacked } from './results/pack';
import { carveFifos } from './setup/setup-lines';
import { buildZiggurat } from './ground/random';
import {
  carveResult,
  collectLatencies,
  forgetStatistics,
  wipeResult,
  writeResult,
  writeSourceOfShard,
} from './results/result';
import {
  canRunAhead,
  carveRunAhead,
  openWindow,
  runWindow,
  startRunAhead,
} from './engines/run-ahead';
import { startWatchdog } from './rules/watchdog';
import { seedStreams } from './streams/seeds';
import { setUp } from './setup/setup';
import { prcbAt, sourceAt, sourceCount } from './records/tables';

/**
 * Everything up to this instant has happened, the instant included. In step a chunk may end within
 * an instant, which is done only when nothing is left at it (R21).
 */
let doneNs: i64 = -1;
/** One event at a time; otherwise processors run ahead of each other. */
let inStep: bool = false;
let over: bool = false;
/** Where the machine's records begin, behind the config block; 0 before there is one. */
let afterConfig: usize = 0;

/**
 * The life of a kernel, drawn. A call that stands at no arrow of the state it finds is a defect of
 * the host; the debug build asserts it.
 *
 *     FRESH --reserveConfig--> RESERVED --startShard--> STARTED --endShard--> ENDED
 *                                  ^                     |   ^                 | |
 *                                  |   runShard, observe,|   |                 | |
 *                                  |   survey, endWarmUp +---+                 | |
 *                                  +------------------clearShard---------------+ |
 *                                                                                |
 *                    WIPED <--wipeMemory-- COLLECTED <-------collectSeries-------+
 *
 * `tellSource` leaves it ENDED. A shard that could not be started leaves the kernel REFUSED, of no
 * use to anybody.
 */
const FRESH: i32 = 0;
const RESERVED: i32 = 1;
const STARTED: i32 = 2;
const ENDED: i32 = 3;
const COLLECTED: i32 = 4;
const WIPED: i32 = 5;
const REFUSED: i32 = 6;
let state: i32 = FRESH;

/** Takes the arrow from one state to the next. */
function pass(from: i32, to: i32): void {
  if (!ASC_NO_ASSERT) assert(state == from, 'a kernel is called in the order of its life');
  state = to;
}

/**
 * Room for a config block of so many bytes, once for an instance; 0 when there is none. The host
 * writes the block there, then calls `startShard`.
 */
export function reserveConfig(bytes: usize): usize {
  if (afterConfig != 0) return 0;
  buildZiggurat();
  const block = carve(bytes);
  if (memoryFailed()) return 0;
  afterConfig = carvedSoFar();
  pass(FRESH, RESERVED);
  return block;
}

/** Carves and starts a machine. Answers INIT_OK or what stands in the way; then nothing has run. */
export function startShard(): i32 {
  pass(RESERVED, REFUSED);
  if (load<i64>(firstCarved + (CONFIG_ABI << 3)) != ABI_VERSION) return INIT_ABI;
  carveFrom(afterConfig);
  readConfig(firstCarved);
  if (ASC_NO_ASSERT && eventLog) return INIT_NO_EVENT_LOG;
  seedStreams();
  startSamples(slot(CONFIG_WARMUP) != 0);
  startCensus(slot(CONFIG_WARMUP) == 0);
  carveLog();
  const status = memoryFailed() ? INIT_MEMORY : setUp();
  if (status != INIT_OK) return status;
  carveLockstep();
  carveRunAhead();
  endRecords();
  carveIpis();
  carveResult();
  carveSurvey();
  carvePacked();
  carveBuckets();
  carveMachineBuckets();
  carveCensus();
  carveFifos();
  if (memoryFailed()) return INIT_MEMORY;
  start();
  pass(REFUSED, STARTED);
  return INIT_OK;
}

/** Time 0: every processor enters its idle loop (R17). */
function start(): void {
  doneNs = -1;
  over = false;
  startItems();
  startCounting();
  startInserts();
  startWatchdog();
  for (let i = 0; i < sourceCount; i++) drawAhead(sourceAt(i));
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    if (prcb.background != 0) prcb.setThreadReady(thinkTimeNs(prcb));
    enterIdleLoop(prcb, 0);
  }
  inStep = slot(CONFIG_LOCKSTEP) != 0 || !canRunAhead();
  if (inStep) enterLockstep();
  else startRunAhead();
}

/**
 * Simulates everything that happens by `toNs`, but stops for the host after about `interrupts`
 * arrivals. Answers RUN_DONE when the run is over, else RUN_MORE or what the host must see to.
 */
export function runShard(toNs: i64, interrupts: i32): i32 {
  pass(STARTED, STARTED);
  const limitNs = min(toNs, untilTimeNs);
  const pauseAt = arrivalTotal + interrupts;
  while (!over && arrivalTotal < pauseAt && doneNs < limitNs) {
    if (inStep) {
      const isLogFull = !runSteps(limitNs, pauseAt);
      doneNs = max(doneNs, over ? stepNs : stepNs - 1);
      if (isLogFull) return RUN_LOG_FULL;
    } else {
      runAhead(limitNs);
    }
    if (ipisOverflown()) return RUN_IPI_OVERFLOW;
  }
  if (doneNs >= untilTimeNs) over = true;
  return over ? RUN_DONE : RUN_MORE;
}

function runAhead(limitNs: i64): void {
  const endNs = openWindow(doneNs + 1, limitNs + 1);
  if (endNs != 0) {
    runWindow(endNs);
    doneNs = endNs - 1;
  } else {
    inStep = true;
    enterLockstep();
  }
}

/** False when the event log must be read first. */
function runSteps(limitNs: i64, pauseAt: i64): bool {
  while (arrivalTotal < pauseAt) {
    const status = step(limitNs);
    if (status == STEP_LAST) {
      over = true;
      return true;
    }
    if (status == STEP_NONE) {
      doneNs = limitNs;
      return true;
    }
    if (!ASC_NO_ASSERT) {
      if (logIsFull()) return false;
    }
    if (ipisOverflown()) return true;
  }
  return true;
}

/** Where the machine stands: within an instant when the host stopped it there. */
function reachedNs(): i64 {
  return max<i64>(max(doneNs, stepNs), 0);
}

/**
 * Forgets what was counted so far: the warm-up, for which CONFIG_WARMUP stands, is over. Call it
 * between two calls of `runShard`.
 */
export function endWarmUp(): void {
  pass(STARTED, STARTED);
  forgetStatistics(reachedNs());
  surveyFrom(reachedNs());
  countInterruptsFrom(arrivalTotal);
}

/** How the machine stands, between two calls of `runShard`; the address of OBSERVED_*. */
export function observe(): usize {
  pass(STARTED, STARTED);
  return writeObservation(reachedNs());
}

/**
 * What has been counted by now, between two calls of `runShard`; the address of SURVEY_*. The shard
 * and its result are as if nobody had asked.
 */
export function survey(): usize {
  pass(STARTED, STARTED);
  return writeSurvey(reachedNs());
}

/**
 * Writes the shard's result as things stand, adds it to that of the shards before, and answers the
 * address of the block. Latencies of all shards are not in it: see `collectSeries`.
 */
export function endShard(): usize {
  pass(STARTED, ENDED);
  return writeResult(reachedNs(), hasGivenUp());
}

/**
 * After `endShard`: writes the latencies of one source in that shard into its record, which else
 * has none before `collectSeries`. Its counters are there, and its buckets, of all shards so far.
 */
export function tellSource(index: i32): void {
  pass(ENDED, ENDED);
  writeSourceOfShard(index);
}

/**
 * After `endShard`: makes room for the next shard of the scenario and policy. The host writes what
 * it has of its own into the config block's header and calls `startShard`. What was counted stays.
 */
export function clearShard(): void {
  pass(ENDED, RESERVED);
  wipeRecords(afterConfig);
}

/**
 * After the last `endShard`: writes the latencies of all shards in this memory into the result
 * block, and answers its address.
 */
export function collectSeries(): usize {
  pass(ENDED, COLLECTED);
  return collectLatencies();
}

/** After `collectSeries`: leaves the memory as any shard of the scenario needs it, anywhere. */
export function wipeMemory(): void {
  pass(COLLECTED, WIPED);
  emptyHistograms();
  emptyCensus();
  wipeResult();
  wipeSurvey();
  wipeRecords(firstCarved);
}

/** Everything up to this instant has happened; −1 before the first call of `runShard`. */
export function now(): i64 {
  return doneNs;
}

/** Arrivals simulated so far. */
export function arrivals(): i64 {
  return arrivalTotal;
}

/** Does one event happen at a time? Once that is so it stays so, until the next `startShard`. */
export function isInStep(): bool {
  return inStep;
}
