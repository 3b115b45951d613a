import { CELL_COUNT, DECISION_BUCKETS } from '../../assembly/shared/abi.js';
import { list, whole, words } from '../scenario/leaf-shapes.js';
import { LIMITS } from '../scenario/limits.js';
import { converted, isObject, orNull, record, required } from '../scenario/shape.js';
import type { FieldsOf, ReadOf, Shape } from '../scenario/shape.js';
import type { CensusCell } from './census.js';
import { SCOPE_FIGURES, timeSplitField } from './document.js';
import { ANY_LENGTH, fromZero, text, wholeFromOne, wholeFromZero } from './figure-shapes.js';
import type { Observation, ShardHalves } from './observation.js';
import type { Execution, MachineStop } from './outcome.js';
import type { ProcessorLine, ScopeLine, ShardLine } from './shard-line.js';

/**
 * The sum of some shards of a policy as it is written for other programs: all but the bytes of its
 * histograms. Whoever reads one has it from a file or another host, and trusts nothing in it.
 */

/** As digits: it may pass 2^53. No sum of a run has more of them. */
const big: Shape<bigint> = {
  allowed: 'a whole number from 0 up, as text',
  read: (value, spot) =>
    typeof value === 'string' && /^[0-9]{1,39}$/.test(value)
      ? BigInt(value)
      : spot.expected(big.allowed, value),
  json: () => ({ type: 'string', pattern: '^[0-9]{1,39}$' }),
};
const bigs = list(big, 0, ANY_LENGTH);
const numbers = list(wholeFromZero, 0, ANY_LENGTH);

const stop = record<MachineStop>(
  'stop',
  {
    kind: required(words(['routine', 'dispatch']), 'Which limit was reached.'),
    processor: required(wholeFromZero, 'On which processor.'),
    atNs: required(fromZero, 'At which instant.'),
    dpc: required(orNull(text), 'The DPC that lay lowest in the stack.'),
    isr: required(orNull(text), 'The source whose ISR lay lowest in the stack.'),
  },
  'refused',
);

const observed = required(wholeFromZero, 'As it stood.');
const observation = record<Observation>('observation', {
  nowNs: observed,
  arrivals: observed,
  ipis: observed,
  dpcs: observed,
  dpcWaitNs: observed,
  interruptToDpcNs: observed,
  maximumDepths: observed,
  rates: observed,
  depths: observed,
});
const halves = record<ShardHalves>('halves', {
  shardIndex: required(wholeFromZero, 'Which shard.'),
  begin: required(observation, 'Where it begins to measure.'),
  half: required(observation, 'Half-way.'),
  end: required(observation, 'Where it ends.'),
});

const scopeLine = record<ScopeLine>('scope', SCOPE_FIGURES as FieldsOf<ScopeLine>, 'refused');
const processorLine = record<ProcessorLine>('processor', {
  ...(SCOPE_FIGURES as FieldsOf<ScopeLine>),
  timeSplit: timeSplitField,
  queueDepth: required(
    record<ProcessorLine['queueDepth']>('queueDepth', {
      maximum: required(wholeFromZero, 'The deepest.'),
      areaNs: required(big, 'Depth times ns.'),
    }),
    'Its queue.',
  ),
});

/** By the names of sources, whatever they are. */
const focused: Shape<Record<string, ScopeLine>> = {
  allowed: 'an object with a line for each name',
  read: (value, spot) => {
    if (!isObject(value)) return spot.expected(focused.allowed, value);
    const lines = Object.entries(value).flatMap(([name, member]) => {
      const read = scopeLine.read(member, spot.at(name));
      return read === undefined ? [] : [[name, read] as const];
    });
    return Object.fromEntries(lines);
  },
  json: (defs) => ({ type: 'object', additionalProperties: scopeLine.json(defs) }),
};

const line = record<ShardLine>('line', {
  ...(SCOPE_FIGURES as FieldsOf<ScopeLine>),
  shardIndex: required(wholeFromZero, 'Which shard.'),
  endNs: required(wholeFromZero, 'Where it ended.'),
  startNs: required(wholeFromZero, 'Where it began to measure.'),
  unserved: required(wholeFromZero, 'Items left when it gave up.'),
  stop: required(orNull(stop), 'What stopped it.'),
  halves: required(orNull(halves), 'Looked at half-way.'),
  sources: required(list(scopeLine, 0, LIMITS.sources), 'Each of them, or none.'),
  processors: required(list(processorLine, 0, LIMITS.processors), 'Each of them, or none.'),
  focused: required(focused, 'Those that the focus names.'),
});

const cell: Shape<CensusCell> = converted(
  record('cell', {
    cell: required(whole(0, CELL_COUNT - 1), 'The situation.'),
    inserts: required(wholeFromZero, 'DPCs linked in it.'),
    sumNs: required(big, 'What they waited.'),
    maxNs: required(wholeFromZero, 'The longest of that.'),
    buckets: required(list(whole(0, DECISION_BUCKETS - 1), 0, DECISION_BUCKETS), 'Ascending.'),
    counts: required(list(wholeFromOne, 0, DECISION_BUCKETS), 'Waits in each.'),
  }),
  (read, spot) => {
    const { buckets, counts } = read;
    if (buckets.length !== counts.length || !ascend(buckets)) {
      return spot.at('buckets').problem('they do not ascend, or are not as many as counts');
    }
    return { ...read, buckets: Uint16Array.from(buckets), counts: Float64Array.from(counts) };
  },
);

const packed = record('packed', {
  length: required(wholeFromZero, 'How many bytes they have together.'),
  starts: required(numbers, 'Where the bytes of each begin, and where the last ones end.'),
  count: required(numbers, 'Samples of each.'),
  sumNs: required(bigs, 'Their sums.'),
  minNs: required(numbers, 'The least sample of each.'),
  maxNs: required(numbers, 'The greatest sample of each.'),
});

const runTimes = record<Execution['isr']>('runTimes', {
  totalNs: required(big, 'All together.'),
  maxNs: required(wholeFromZero, 'The longest.'),
});
const execution = record<Execution>('execution', {
  isr: required(runTimes, 'Of ISRs.'),
  dpc: required(runTimes, 'Of DPC routines.'),
});

export const writtenSum = record('sum', {
  policyIndex: required(wholeFromZero, 'Which policy.'),
  lines: required(list(line, 1, ANY_LENGTH), 'One for each shard.'),
  durationNs: required(big, 'Simulated, all shards together.'),
  unserved: required(big, 'Items left.'),
  counters: required(bigs, 'By scope and counter.'),
  executions: required(list(execution, 0, ANY_LENGTH), 'By scope.'),
  times: required(bigs, 'By processor and time.'),
  depthAreaNs: required(bigs, 'By processor.'),
  depthMaximum: required(numbers, 'By processor.'),
  latencies: required(list(packed, 0, 32), 'Histograms, whose bytes stand behind.'),
  census: required(orNull(list(cell, 0, CELL_COUNT)), 'By ascending cell.'),
});
export type WrittenSum = ReadOf<typeof writtenSum>;

/** Each above the one before it. */
export function ascend(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] <= values[i - 1]) return false;
  return true;
}
