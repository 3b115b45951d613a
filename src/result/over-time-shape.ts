import { list } from '../scenario/leaf-shapes.js';
import { orNull, record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { fromZero, wholeFromOne, wholeFromZero } from './figure-shapes.js';

/** A machine is told in at most so many bins. */
export const MOST_BINS = 128;
/** Processors are told in at most so many groups, each of the same number of neighbours. */
export const MOST_GROUPS = 128;

/** A value for each bin. */
const counts = list(wholeFromZero, 0, MOST_BINS);
const times = list(fromZero, 0, MOST_BINS);
const percentiles = list(orNull(fromZero), 0, MOST_BINS);
/** An octave of time has four rows, and there are not more of them than of these. */
const MOST_ROWS = 256;

const waits = record(
  'waitsOverTime',
  {
    count: required(counts, 'DPCs taken in each bin.'),
    p50Ns: required(percentiles, 'Half of their waits are not longer; null: too few samples.'),
    p99Ns: required(percentiles, '99 % of them are not longer; null: too few samples.'),
    maxNs: required(times, 'The longest of each bin, to 3 %; 0 where no DPC was taken.'),
    lowNs: required(
      list(fromZero, 0, MOST_ROWS),
      'The least whole ns of each row of counts, ascending; four to an octave, and 256 ns wide ' +
        'below 2,048.',
    ),
    counts: required(
      list(counts, 0, MOST_ROWS),
      'How many waits fell into each row, bin by bin; rows without any are left out.',
    ),
  },
  'ignored',
);

const processors = record(
  'processorsOverTime',
  {
    perGroup: required(wholeFromOne, 'Neighbouring processors that were put together.'),
    busyNs: required(
      list(counts, 0, MOST_GROUPS),
      'By group, bin by bin: their time in ISRs, clock, IPI handlers and DPCs, all together.',
    ),
  },
  'ignored',
);

export const overTime = record(
  'overTime',
  {
    warmupNs: required(
      fromZero,
      'Where the statistics of the rest of the result begin; a bin ends there.',
    ),
    binNs: required(
      wholeFromOne,
      'How wide bins are, under all policies; the first and the last one may be shorter.',
    ),
    endsNs: required(times, 'Where each bin ends, the instant included; the first begins at 0.'),
    arrivals: required(counts, 'Interrupts that arrived in each bin.'),
    ipis: required(counts, 'IPIs that were sent in it.'),
    queuedNs: required(
      counts,
      'Times that DPCs were queued in it, all together: over its length, how many were on average.',
    ),
    waits: required(waits, 'From the insert of a DPC object to its dequeue.'),
    processors: required(processors, 'What processors did.'),
  },
  'ignored',
);
/** The first shard of a policy over its simulated time, the warm-up included. */
export interface OverTimeColumns extends ReadOf<typeof overTime> {}
