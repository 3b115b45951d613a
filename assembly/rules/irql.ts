import { NEVER } from '../ground/config';
import { Prcb } from '../records/prcb';

/**
 * Puts an activity of `lengthNs` on top at `level`, which must be above what runs. What it
 * interrupts keeps its remaining time (R2).
 */
// @ts-ignore: decorator
@inline
export function raiseIrql(prcb: Prcb, level: u32, lengthNs: i64, nowNs: i64): void {
  interruptTop(prcb, nowNs);
  startAbove(prcb, level, lengthNs, nowNs);
}

/** Puts an activity on top where nothing has run since the last one ended. */
// @ts-ignore: decorator
@inline
export function startAbove(prcb: Prcb, level: u32, lengthNs: i64, nowNs: i64): void {
  if (!ASC_NO_ASSERT) assert(level > prcb.topLevel(), 'IRQLs nest');
  prcb.levels |= 1 << level;
  prcb.topEndNs = nowNs + lengthNs;
}

/** Takes the time that the top activity has left out of the clock. */
// @ts-ignore: decorator
@inline
export function interruptTop(prcb: Prcb, nowNs: i64): void {
  if (prcb.levels != 0) prcb.setRemaining(prcb.topLevel(), prcb.topEndNs - nowNs);
  else if (prcb.isThread) prcb.threadRanNs += nowNs - prcb.threadResumedNs;
  else if (!prcb.isHalted(nowNs)) prcb.haltNs = NEVER;
  prcb.haltEventNs = NEVER;
}

/**
 * Is the running thread in one of its DISPATCH sections (R17)? A section that ends now has ended.
 */
// @ts-ignore: decorator
@inline
export function holdsSpinLock(prcb: Prcb, nowNs: i64): bool {
  if (prcb.dispatchSectionNs == 0) return false;
  return placeInCycle(prcb, nowNs) >= prcb.passiveNs;
}

/** Was the thread that lies interrupted in one of its DISPATCH sections? */
export function heldSpinLock(prcb: Prcb): bool {
  if (prcb.dispatchSectionNs == 0) return false;
  return prcb.threadRanNs % (prcb.passiveNs + prcb.dispatchSectionNs) >= prcb.passiveNs;
}

/** When the DISPATCH section that the running thread is in ends. */
export function sectionEndNs(prcb: Prcb, nowNs: i64): i64 {
  return nowNs + prcb.passiveNs + prcb.dispatchSectionNs - placeInCycle(prcb, nowNs);
}

// @ts-ignore: decorator
@inline
function placeInCycle(prcb: Prcb, nowNs: i64): i64 {
  const ranNs = prcb.threadRanNs + (nowNs - prcb.threadResumedNs);
  return ranNs % (prcb.passiveNs + prcb.dispatchSectionNs);
}

/**
 * The exit from a halt that the interrupt accepted now has to pay: once for each halt, by the
 * activity that came first (R14). Call it before `raiseIrql`.
 */
// @ts-ignore: decorator
@inline
export function payHaltExit(prcb: Prcb, exitNs: i64, nowNs: i64): i64 {
  if (prcb.isThread || prcb.exitPaid || !prcb.isHalted(nowNs)) return 0;
  prcb.exitPaid = true;
  return exitNs;
}
