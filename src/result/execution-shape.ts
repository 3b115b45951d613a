import { record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { fromZero } from './figure-shapes.js';
import type { Execution } from './outcome.js';

const runTimes = record(
  'runTimes',
  {
    totalNs: required(fromZero, 'All together.'),
    maxNs: required(fromZero, 'The longest.'),
  },
  'ignored',
);

export const execution = record(
  'execution',
  {
    isr: required(runTimes, 'Of its ISRs; as many as `isrs`.'),
    dpc: required(runTimes, "Of its DPC routines; as many as `dpcs`, or a timer's expiries."),
  },
  'ignored',
);
/**
 * How long routines ran, in ns, as simulated: each in full from its start, without the machine's
 * costs around it (`costs` of the scenario) and without what interrupts it.
 */
export interface ExecutionTimes extends ReadOf<typeof execution> {}

/** As a result has it: `totalNs` is the nearest number that a 64-bit float holds. */
export function executionTimes({ dpc, isr }: Execution): ExecutionTimes {
  return {
    isr: { totalNs: Number(isr.totalNs), maxNs: isr.maxNs },
    dpc: { totalNs: Number(dpc.totalNs), maxNs: dpc.maxNs },
  };
}
