import { list } from '../scenario/leaf-shapes.js';
import { orNull, record, required, shared, sometimes } from '../scenario/shape.js';
import type { FieldsOf, ReadOf } from '../scenario/shape.js';
import { ANY_LENGTH, each, fromZero, wholeFromZero } from './figure-shapes.js';
import { COUNTER_NAMES, type CounterName } from './outcome.js';

/** A result of more shards keeps none: its intervals are narrow, and its file would grow. */
export const MOST_KEPT_SHARDS = 1_000;

type CounterColumns = Partial<Record<CounterName, number[]>>;

const LIKE = 'As the latency of that name.';

const counts = list(wholeFromZero, 0, ANY_LENGTH);
const times = list(fromZero, 0, ANY_LENGTH);
const counters = record<CounterColumns>(
  'counters',
  Object.fromEntries(
    COUNTER_NAMES.map((name) => [name, sometimes(counts, 'As the counter of that name.')]),
  ) as FieldsOf<CounterColumns>,
  'ignored',
);

const percentile = required(orNull(times), 'Null: a shard has too few samples for it.');
const latency = shared(
  'latencyColumns',
  record(
    'latencyColumns',
    {
      count: required(counts, 'Samples.'),
      sumNs: required(times, 'The sum of all samples.'),
      p50Ns: percentile,
      p90Ns: percentile,
      p99Ns: percentile,
      p999Ns: percentile,
      p9999Ns: percentile,
    },
    'ignored',
  ),
);

/**
 * The figures of every shard, as columns, each in the order of shards: what intervals over them are
 * computed of, and by what two results in files are compared shard with shard.
 */
export const shardColumns = record(
  'shards',
  {
    counters: required(counters, 'A counter that is 0 in all of them is left out.'),
    latency: required(
      each('latency', { isrWait: LIKE, dpcWait: LIKE, interruptToDpc: LIKE }, latency),
      'The latencies.',
    ),
  },
  'ignored',
);
export interface ShardColumns extends ReadOf<typeof shardColumns> {}
