import {
  OBSERVED_ARRIVALS,
  OBSERVED_DEPTHS,
  OBSERVED_DPC_WAIT_NS,
  OBSERVED_DPCS,
  OBSERVED_INTERRUPT_TO_DPC_NS,
  OBSERVED_IPIS,
  OBSERVED_MAXIMUM_DEPTHS,
  OBSERVED_NOW_NS,
  OBSERVED_RATES,
  OBSERVED_SLOTS,
} from '../shared/abi';
import { processorCount } from '../ground/config';
import { prcbAt, sourceAt, sourceCount } from '../records/tables';

const observation: usize = memory.data(80, 8);

/**
 * Writes how the machine stands at `nowNs` and what its device sources have counted since the
 * warm-up, and answers the address of it: OBSERVED_*. Changes nothing.
 */
export function writeObservation(nowNs: i64): usize {
  memory.fill(observation, 0, (<usize>OBSERVED_SLOTS) << 3);
  add(OBSERVED_NOW_NS, nowNs);
  for (let i = 0; i < sourceCount; i++) {
    const source = sourceAt(i);
    add(OBSERVED_ARRIVALS, source.arrivals);
    add(OBSERVED_IPIS, source.ipis);
    add(OBSERVED_DPCS, source.dpcs);
    // The low words: beyond 292 years of waits nobody asks whether a machine has settled.
    add(OBSERVED_DPC_WAIT_NS, <i64>source.dpcWait.low);
    add(OBSERVED_INTERRUPT_TO_DPC_NS, <i64>source.interruptToDpc.low);
  }
  for (let i = 0; i < processorCount; i++) {
    const prcb = prcbAt(i);
    add(OBSERVED_MAXIMUM_DEPTHS, prcb.maximumDepth);
    add(OBSERVED_RATES, prcb.requestRate + prcb.drainRate);
    add(OBSERVED_DEPTHS, prcb.depth);
  }
  return observation;
}

function add(field: i32, value: i64): void {
  const slot = observation + ((<usize>field) << 3);
  store<i64>(slot, load<i64>(slot) + value);
}
