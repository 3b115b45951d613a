import {
  adaptive,
  adjustDpcThreshold,
  idealDpcRate,
  maximumDpcQueueDepth,
  tickRescue,
} from '../ground/config';
import { Prcb } from '../records/prcb';

/**
 * What the clock does to the queue of its processor at each tick (R16): the rates are halved
 * averages of what was inserted and taken, and the maximum depth adapts. Models the end of
 * nt!KeUpdateRunTime. True when the tick rescued a queue that nobody was going to drain.
 */
export function updateDrainRate(prcb: Prcb): bool {
  prcb.requestRate = (prcb.requestRate + prcb.insertsSinceTick) >> 1;
  prcb.drainRate = (prcb.drainRate + prcb.dpcsSinceTick) >> 1;
  prcb.insertsSinceTick = 0;
  prcb.dpcsSinceTick = 0;
  if (prcb.depth == 0 || prcb.draining || prcb.requested) {
    relaxThreshold(prcb);
    return false;
  }
  prcb.countdown = adjustDpcThreshold;
  if (adaptive && prcb.maximumDepth > 1 && prcb.requestRate < idealDpcRate) prcb.maximumDepth--;
  if (!tickRescue) return false;
  prcb.rescues++;
  prcb.requested = true;
  prcb.dispatchWaiting = true;
  return true;
}

function relaxThreshold(prcb: Prcb): void {
  if (--prcb.countdown > 0) return;
  prcb.countdown = adjustDpcThreshold;
  if (adaptive && prcb.maximumDepth < maximumDpcQueueDepth) prcb.maximumDepth++;
}
