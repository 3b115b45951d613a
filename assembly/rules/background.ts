import {
  BACKGROUND_BUSY,
  BACKGROUND_DISPATCH,
  BACKGROUND_IDLE,
  BACKGROUND_PASSIVE,
} from '../shared/abi';
import { slot } from '../ground/config';
import { distributionSlot, drawNs } from '../streams/distribution';
import { Prcb } from '../records/prcb';

/** Draws the next thread of a processor: its busy time and its sections, in this order (R17). */
export function drawThread(prcb: Prcb): void {
  prcb.threadBusyNs = draw(prcb, BACKGROUND_BUSY);
  prcb.passiveNs = draw(prcb, BACKGROUND_PASSIVE);
  prcb.dispatchSectionNs = draw(prcb, BACKGROUND_DISPATCH);
}

/** How long after the last thread the next one is ready. */
export function thinkTimeNs(prcb: Prcb): i64 {
  return draw(prcb, BACKGROUND_IDLE);
}

function draw(prcb: Prcb, field: i32): i64 {
  return drawNs(distributionSlot(<i32>slot(prcb.background + field)), prcb.threadStream);
}
