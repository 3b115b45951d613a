import {
  CONFIG_ADAPTIVE,
  CONFIG_ADJUST_DPC_THRESHOLD,
  CONFIG_CENSUS,
  CONFIG_CLOCK_NS,
  CONFIG_DEPTH_EXCEEDS,
  CONFIG_DEQUEUE_NS,
  CONFIG_DISPATCH_NS,
  CONFIG_DRAIN_LIMIT,
  CONFIG_DRAIN_TIME_NS,
  CONFIG_DYNAMIC_TICK,
  CONFIG_EVENT_LOG,
  CONFIG_HALT_EXIT_NS,
  CONFIG_IDEAL_DPC_RATE,
  CONFIG_INSERT_AT_HEAD,
  CONFIG_INTERRUPT_NS,
  CONFIG_IPI_FLIGHT_NS,
  CONFIG_IPI_HANDLER_NS,
  CONFIG_IPI_LEVEL,
  CONFIG_IPI_SEND_NS,
  CONFIG_MAXIMUM_DPC_QUEUE_DEPTH,
  CONFIG_MINIMUM_DPC_RATE,
  CONFIG_POLL_NS,
  CONFIG_PROCESSORS,
  CONFIG_SUPPRESS,
  CONFIG_THREAD_SWITCH_NS,
  CONFIG_TICK_NS,
  CONFIG_TICK_RESCUE,
  CONFIG_TICK_SKEW_NS,
  CONFIG_UNTIL_INTERRUPTS,
  CONFIG_UNTIL_TIME_NS,
  CONFIG_WARMUP,
  CONFIG_WATCHDOG_DISPATCH_TICKS,
  CONFIG_WATCHDOG_ROUTINE_TICKS,
  CONFIG_WATCHDOG_STOP,
  RECORDED_TIME_BITS,
} from '../shared/abi';
import { LOG_DETAILS, LOG_NOTHING } from '../shared/log-layout';

/** Later than anything that happens. */
export const NEVER: i64 = i64.MAX_VALUE;

/** Where the host wrote the config block. */
export let config: usize = 0;

export let processorCount: i32 = 0;
export let tickNs: i64 = 0;
export let tickSkewNs: i64 = 0;
export let dynamicTick: bool = false;
export let pollNs: i64 = 0;
export let ipiAtIpiLevel: bool = false;
export let interruptNs: i64 = 0;
export let clockNs: i64 = 0;
export let dispatchNs: i64 = 0;
export let dequeueNs: i64 = 0;
export let ipiSendNs: i64 = 0;
export let ipiFlightNs: i64 = 0;
export let ipiHandlerNs: i64 = 0;
export let haltExitNs: i64 = 0;
export let threadSwitchNs: i64 = 0;
/** Limits of R23 in ticks, 0 for none; whether there is one, and whether it stops the machine. */
export let routineLimitTicks: i64 = 0;
export let dispatchLimitTicks: i64 = 0;
export let hasWatchdog: bool = false;
export let watchdogStops: bool = false;
export let maximumDpcQueueDepth: i32 = 0;
export let minimumDpcRate: i32 = 0;
export let idealDpcRate: i32 = 0;
export let adjustDpcThreshold: i32 = 0;
export let insertAtHead: u32 = 0;
/** 1 when a queue must be deeper than its maximum to be `over`, 0 when reaching it will do. */
export let depthMargin: i32 = 0;
export let suppressRequests: bool = false;
export let tickRescue: bool = false;
export let adaptive: bool = false;
export let drainLimit: i32 = 0;
export let drainTimeNs: i64 = 0;
/** Is one of the two set? */
export let drainsAreBounded: bool = false;
export let untilInterrupts: i64 = 0;
export let untilTimeNs: i64 = 0;
/** Are decisions counted? */
export let withCensus: bool = false;
export let eventLog: bool = false;
/** Does the log hold details as well (log-layout.ts)? */
export let logDetails: bool = false;

/** The i64 in a slot of the config block. */
// @ts-ignore: decorator
@inline
export function slot(index: i32): i64 {
  return load<i64>(config + ((<usize>index) << 3));
}

/** When an arrival was recorded, from its first slot. */
export function recordedNs(word: i64): i64 {
  return word & (((<i64>1) << RECORDED_TIME_BITS) - 1);
}

/** Where an arrival was recorded, from its first slot. */
export function recordedProcessor(word: i64): u32 {
  return <u32>(word >> RECORDED_TIME_BITS);
}

/** The f64 in a slot of the config block. */
// @ts-ignore: decorator
@inline
export function slotFloat(index: i32): f64 {
  return load<f64>(config + ((<usize>index) << 3));
}

/** Copies the header into globals, where the rules read it. */
export function readConfig(block: usize): void {
  config = block;
  processorCount = <i32>slot(CONFIG_PROCESSORS);
  tickNs = slot(CONFIG_TICK_NS);
  tickSkewNs = slot(CONFIG_TICK_SKEW_NS);
  dynamicTick = slot(CONFIG_DYNAMIC_TICK) != 0;
  pollNs = slot(CONFIG_POLL_NS);
  ipiAtIpiLevel = slot(CONFIG_IPI_LEVEL) != 0;
  interruptNs = slot(CONFIG_INTERRUPT_NS);
  clockNs = slot(CONFIG_CLOCK_NS);
  dispatchNs = slot(CONFIG_DISPATCH_NS);
  dequeueNs = slot(CONFIG_DEQUEUE_NS);
  ipiSendNs = slot(CONFIG_IPI_SEND_NS);
  ipiFlightNs = slot(CONFIG_IPI_FLIGHT_NS);
  ipiHandlerNs = slot(CONFIG_IPI_HANDLER_NS);
  haltExitNs = slot(CONFIG_HALT_EXIT_NS);
  threadSwitchNs = slot(CONFIG_THREAD_SWITCH_NS);
  routineLimitTicks = slot(CONFIG_WATCHDOG_ROUTINE_TICKS);
  dispatchLimitTicks = slot(CONFIG_WATCHDOG_DISPATCH_TICKS);
  hasWatchdog = routineLimitTicks > 0 || dispatchLimitTicks > 0;
  watchdogStops = hasWatchdog && slot(CONFIG_WATCHDOG_STOP) != 0;
  maximumDpcQueueDepth = <i32>slot(CONFIG_MAXIMUM_DPC_QUEUE_DEPTH);
  minimumDpcRate = <i32>slot(CONFIG_MINIMUM_DPC_RATE);
  idealDpcRate = <i32>slot(CONFIG_IDEAL_DPC_RATE);
  adjustDpcThreshold = <i32>slot(CONFIG_ADJUST_DPC_THRESHOLD);
  insertAtHead = <u32>slot(CONFIG_INSERT_AT_HEAD);
  depthMargin = slot(CONFIG_DEPTH_EXCEEDS) != 0 ? 1 : 0;
  suppressRequests = slot(CONFIG_SUPPRESS) != 0;
  tickRescue = slot(CONFIG_TICK_RESCUE) != 0;
  adaptive = slot(CONFIG_ADAPTIVE) != 0;
  drainLimit = <i32>slot(CONFIG_DRAIN_LIMIT);
  drainTimeNs = slot(CONFIG_DRAIN_TIME_NS);
  drainsAreBounded = drainLimit > 0 || drainTimeNs > 0;
  untilInterrupts = slot(CONFIG_WARMUP) != 0 ? 0 : slot(CONFIG_UNTIL_INTERRUPTS);
  untilTimeNs = slot(CONFIG_UNTIL_TIME_NS);
  withCensus = slot(CONFIG_CENSUS) != 0;
  eventLog = slot(CONFIG_EVENT_LOG) != LOG_NOTHING;
  logDetails = slot(CONFIG_EVENT_LOG) == LOG_DETAILS;
}

/** A warm-up is over: the interrupts that end the run are those after the `arrivals` so far. */
export function countInterruptsFrom(arrivals: i64): void {
  const interrupts = slot(CONFIG_UNTIL_INTERRUPTS);
  untilInterrupts = interrupts > 0 ? arrivals + interrupts : 0;
}
