import {
  CULPRIT_DPC,
  CULPRIT_ISR,
  CULPRIT_NONE,
  WATCHDOG_DISPATCH,
  WATCHDOG_NONE,
  WATCHDOG_ROUTINE,
} from '../shared/abi';
import { dispatchLimitTicks, routineLimitTicks, watchdogStops } from '../ground/config';
import { runningLine } from '../records/line';
import { CLOCK_LEVEL, DEVICE_LEVELS, DISPATCH_LEVEL, DRAIN_ROUTINE, Prcb } from '../records/prcb';
import { logWatchdog } from '../results/event-log';
import { heldSpinLock } from './irql';

/** What stopped the machine (R23), WATCHDOG_*: nothing happens any more. */
export let stopKind: i32 = WATCHDOG_NONE;
export let stopProcessor: i32 = 0;
/** CULPRIT_*, and a DPC as in the log or a source's index. */
export let stopCulprit: i32 = CULPRIT_NONE;
export let stopName: u32 = 0;

export function startWatchdog(): void {
  stopKind = WATCHDOG_NONE;
  stopProcessor = 0;
  stopCulprit = CULPRIT_NONE;
  stopName = 0;
}

/** The ticks of both watchdogs (R23), at the end of the clock activity. */
export function watch(prcb: Prcb, nowNs: i64): void {
  // A routine of a drain that has started since the last tick started the count anew.
  if (prcb.dpcsSinceTick > 0) prcb.routineTicks = 0;
  prcb.routineTicks = hasRoutine(prcb) ? prcb.routineTicks + 1 : 0;
  prcb.dispatchTicks = isAtDispatch(prcb) ? prcb.dispatchTicks + 1 : 0;
  if (routineLimitTicks > 0 && prcb.routineTicks == routineLimitTicks) {
    prcb.routineTimeouts++;
    timeOut(prcb, WATCHDOG_ROUTINE, nowNs);
  }
  if (dispatchLimitTicks > 0 && prcb.dispatchTicks == dispatchLimitTicks) {
    prcb.dispatchTimeouts++;
    timeOut(prcb, WATCHDOG_DISPATCH, nowNs);
  }
}

/** Does a drain's routine or an ISR lie in the stack? */
export function hasRoutine(prcb: Prcb): bool {
  return (prcb.levels & DEVICE_LEVELS) != 0 || hasDrainRoutine(prcb);
}

function hasDrainRoutine(prcb: Prcb): bool {
  return ((prcb.levels >> DISPATCH_LEVEL) & 1) != 0 && prcb.dispatchPhase == DRAIN_ROUTINE;
}

/** Does what lies right beneath the clock run at DISPATCH_LEVEL or above? */
function isAtDispatch(prcb: Prcb): bool {
  if ((prcb.levels & ~(1 << CLOCK_LEVEL)) != 0) return true;
  return prcb.isThread && heldSpinLock(prcb);
}

function timeOut(prcb: Prcb, kind: i32, nowNs: i64): void {
  let culprit = CULPRIT_NONE;
  let name: u32 = 0;
  if (hasDrainRoutine(prcb)) {
    culprit = CULPRIT_DPC;
    name = prcb.running!.name;
  } else if ((prcb.levels & DEVICE_LEVELS) != 0) {
    culprit = CULPRIT_ISR;
    name = runningLine(prcb, ctz<u32>(prcb.levels & DEVICE_LEVELS)).source.index;
  }
  logWatchdog(nowNs, prcb, kind == WATCHDOG_DISPATCH, culprit, name);
  if (!watchdogStops || stopKind != WATCHDOG_NONE) return;
  stopKind = kind;
  stopProcessor = prcb.index;
  stopCulprit = culprit;
  stopName = name;
}
