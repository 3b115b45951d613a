import { list, words } from '../scenario/leaf-shapes.js';
import { LIMITS } from '../scenario/limits.js';
import {
  addedLater,
  converted,
  orNull,
  record,
  required,
  shared,
  sometimes,
} from '../scenario/shape.js';
import type { Field, FieldsOf, ReadOf, Shape } from '../scenario/shape.js';
import { answer } from './answer-shape.js';
import { figureComparison, type Interval, interval } from './comparison-shape.js';
import { decision } from './decision-shape.js';
import { execution } from './execution-shape.js';
import {
  ANY_LENGTH,
  beside,
  each,
  fromZero,
  text,
  wholeFromOne,
  wholeFromZero,
} from './figure-shapes.js';
import { INTERVAL_FIGURES, RESULT_SCHEMA } from './figures.js';
import type { IntervalFigure, LatencyName, PerFigure } from './figures.js';
import { meta } from './meta-shape.js';
import { warning } from './warning-shape.js';
import { COUNTER_NAMES, LATER_COUNTERS } from './outcome.js';
import type { CounterName, Counters, RateName, TimeSplit } from './outcome.js';
import { simulatedScenario } from './scenario-shape.js';
import { shardColumns } from './shard-columns.js';

/**
 * The result document, declared once: from these shapes follow its TypeScript types (`ReadOf`),
 * what `readResult` takes for one, and the published JSON Schema.
 *
 * To add a field, add a line to its record, and write it where the document is made:
 *
 *     settled: addedLater(orNull(settledness), null, 'Whether the machine had settled.'),
 *
 * A document without the field is older, and is read with the value that stands there: null for
 * "not recorded then". `required` is for what every document of this schema has. A counter is a
 * name in `outcome.ts` and a sentence in COUNTED; its intervals and comparisons follow from it.
 * What relates fields to each other is checked in `check-document.ts`.
 */
export type { FigureComparison, Interval } from './comparison-shape.js';

const counted = (sentence: string) => required(wholeFromZero, sentence);

/** What each of them counts. */
const COUNTED: Readonly<Record<CounterName, string>> = {
  arrivals: 'Interrupts that arrived (R5).',
  merged: 'Arrivals that found an interrupt of their line waiting (R6).',
  dropped: 'Items that found their FIFO full (R5).',
  isrs: 'ISRs that ran (R7).',
  inserts: 'DPC objects linked to a queue (R9).',
  coalesced: 'Inserts of an object that was queued already (R9).',
  localRequests: 'Requests to the current processor (R10).',
  ipis: 'Requests to another processor, each an IPI (R10, R11).',
  suppressed: 'Requests to a target that was asked already (R10).',
  declined: 'Inserts that requested nothing (R10).',
  dispatchDrains: 'Drains by the DISPATCH interrupt (R12).',
  idleDrains: 'Drains by the idle loop (R14).',
  spurious: 'Interrupts to drain a queue that was empty by then.',
  dpcs: 'DPC routines that ran (R13).',
  ticks: 'Clock ticks (R15).',
  rescues: 'Ticks that requested a drain which nobody had asked for (R16).',
  missed: 'Periods of a timer that were stepped over (R8).',
  threadNs: 'Time that threads ran, in ns (R17).',
  dpcThreadNs: 'Time that DPC threads ran, in ns; where a DPC is threaded (R22).',
  held: 'Arrivals whose interrupt the device held back; where one is moderated (R24).',
  routineTimeouts: 'Routines and ISRs over their limit; where there is a watchdog (R23).',
  dispatchTimeouts: 'Times at DISPATCH over their limit; where there is a watchdog (R23).',
  stillQueued: 'DPC objects on a queue at the end (R21).',
};

function counterField(name: CounterName): Field<number | undefined> {
  const isLater = LATER_COUNTERS.some((later: CounterName) => later === name);
  return isLater
    ? sometimes(wholeFromZero, COUNTED[name])
    : (counted(COUNTED[name]) as Field<number | undefined>);
}

const COUNTERS = Object.fromEntries(
  COUNTER_NAMES.map((name) => [name, counterField(name)]),
) as unknown as FieldsOf<Counters>;

const TIMES: FieldsOf<TimeSplit> = {
  isrNs: counted('In ISRs.'),
  clockNs: counted('In clock activities.'),
  ipiNs: counted('In IPI handlers.'),
  dispatchDrainNs: counted('In drains by the DISPATCH interrupt, entry included.'),
  idleDrainNs: counted('In drains by the idle loop.'),
  threadNs: counted('In threads.'),
  dpcThreadNs: sometimes(wholeFromZero, 'In DPC threads; where a DPC is threaded.'),
  idleNs: counted('The rest: halted, polling or waking.'),
};

const LATENCIES: Readonly<Record<LatencyName, string>> = {
  isrWait: 'From an arrival to the acceptance of its interrupt, merged arrivals left out.',
  dpcWait: 'From the insert of a DPC object to its dequeue.',
  interruptToDpc: "From an item's arrival to the start of the routine that takes it.",
};

const percentileOf = (share: string) =>
  required(orNull(fromZero), `${share} of all samples do not exceed it; null: too few for it.`);

const latencySummary = shared(
  'latency',
  converted(
    record(
      'latency',
      {
        count: counted('Samples.'),
        minNs: required(fromZero, 'The least sample.'),
        maxNs: required(fromZero, 'The greatest sample.'),
        sumNs: required(fromZero, 'The sum of all samples.'),
        meanNs: required(fromZero, 'Their mean.'),
        p50Ns: percentileOf('50 %'),
        p90Ns: percentileOf('90 %'),
        p99Ns: percentileOf('99 %'),
        p999Ns: percentileOf('99.9 %'),
        p9999Ns: percentileOf('99.99 %'),
      },
      'ignored',
    ),
    (read, spot) => (read.minNs <= read.maxNs ? read : spot.problem('minNs is above maxNs')),
  ),
);
/**
 * In ns. With no samples everything but `count` is 0 or null. A percentile is the greatest value of
 * its histogram bucket, never above `maxNs`; null when there are too few samples for it:
 * n × (1 − p) < 10. Sums are kept to the nanosecond; `sumNs` is the nearest number to it that a
 * 64-bit float holds, so exact up to 2^53 (104 days).
 */
export interface LatencySummary extends ReadOf<typeof latencySummary> {}

const column = list(fromZero, 0, ANY_LENGTH);
const distribution = shared(
  'distributionOfSamples',
  record(
    'distribution',
    {
      lowNs: required(column, 'The least whole ns of each bucket, ascending.'),
      highNs: required(column, 'The greatest whole ns of each bucket.'),
      counts: required(list(wholeFromOne, 0, ANY_LENGTH), 'How many samples fell into each.'),
    },
    'ignored',
  ),
);
/** Non-empty buckets: least and greatest whole ns of each, ascending, and counts; equal lengths. */
export interface HistogramJson extends ReadOf<typeof distribution> {}

const RATES = {
  ...COUNTERS,
  drains: counted('dispatchDrains and idleDrains together.'),
} as FieldsOf<Record<RateName, unknown>>;
const FIGURE_SENTENCES: Readonly<Record<IntervalFigure, string>> = Object.fromEntries(
  INTERVAL_FIGURES.map((figure) => [figure, `Of ${figure}.`]),
) as Record<IntervalFigure, string>;

export type FigureIntervals = PerFigure<Interval | null>;

/** A value for each figure, or null. */
function perFigure<T>(shape: Shape<T | null>): FieldsOf<PerFigure<T | null>> {
  return {
    perThousand: required(
      beside('perThousand', RATES, shape),
      'Of counters, per 1,000 interrupts.',
    ),
    latency: required(
      each('latency', LATENCIES, each('figures', FIGURE_SENTENCES, shape)),
      'Of latencies.',
    ),
  };
}

const figureIntervals = shared(
  'intervals',
  record('intervals', perFigure(orNull(interval)), 'ignored'),
);

const load = record(
  'load',
  {
    timeShares: required(
      beside('timeShares', TIMES, orNull(interval)),
      'Of each part of the time, as a share of all time.',
    ),
    meanDepth: required(orNull(interval), 'Of the mean depth of the DPC queue over time.'),
  },
  'ignored',
);
/** 95 % intervals over shards. Null: no time was simulated. */
export interface LoadIntervals extends ReadOf<typeof load> {}
const loadField = addedLater(orNull(load), null, 'Intervals; null unless asked for.');

const latencyField = required(each('latency', LATENCIES, latencySummary), 'The latencies.');

const executionField = addedLater(
  orNull(execution),
  null,
  'How long ISRs and DPC routines ran, without what interrupted them.',
);

const countersField = required(record('counters', COUNTERS, 'ignored'), 'What it counted.');
/** What a scope of a result and one of a shard have in common. */
export const SCOPE_FIGURES = { counters: countersField, latency: latencyField };
const timeSplit = record('timeSplit', TIMES, 'ignored');
export const timeSplitField = required(timeSplit, 'How its time was spent, in ns.');

const SCOPE = {
  name: required(text, 'Its name.'),
  ...SCOPE_FIGURES,
  execution: executionField,
  intervals: addedLater(
    orNull(figureIntervals),
    null,
    'Null unless asked for; of counters per 1,000 interrupts of its own.',
  ),
};
const scope = record('source', SCOPE, 'ignored');
export interface ScopeResult extends ReadOf<typeof scope> {}

const queueDepth = record(
  'queueDepth',
  {
    maximum: counted('The deepest that its DPC queue was.'),
    mean: required(fromZero, 'Its mean over time.'),
  },
  'ignored',
);
const processor = record(
  'processor',
  {
    ...SCOPE,
    index: counted('From 0.'),
    timeSplit: timeSplitField,
    queueDepth: required(queueDepth, 'How many DPC objects were on its queue.'),
    load: loadField,
  },
  'ignored',
);
export interface ProcessorResult extends ReadOf<typeof processor> {}

const stop = record(
  'stop',
  {
    shard: counted('The first shard that was stopped, from 0.'),
    kind: required(
      words(['routine', 'dispatch']),
      'Which limit was reached (R23): argument 0 or 1 of 0x133.',
    ),
    processor: counted('On which processor.'),
    atNs: required(fromZero, 'At which instant.'),
    dpc: required(orNull(text), 'The DPC whose routine lay lowest in the stack; null for none.'),
    isr: required(orNull(text), 'The source whose ISR lay lowest in the stack; null for none.'),
  },
  'ignored',
);
const stoppedShards = record(
  'stopped',
  {
    shards: required(wholeFromOne, 'How many shards were stopped.'),
    first: required(stop, 'The one with the least index.'),
  },
  'ignored',
);
/** The shards that a watchdog stopped. */
export interface StoppedShards extends ReadOf<typeof stoppedShards> {}

const policyResultRecord = record(
  'result',
  {
    policy: required(text, "The policy's name."),
    stopped: sometimes(
      stoppedShards,
      'Where a watchdog stopped machines (R23); left out where it stopped none.',
    ),
    counters: required(
      record<Counters & { unserved: number }>(
        'counters',
        { ...COUNTERS, unserved: counted('Items left when a run gave up.') },
        'ignored',
      ),
      'Of the whole machine.',
    ),
    latency: latencyField,
    execution: executionField,
    intervals: addedLater(
      orNull(figureIntervals),
      null,
      '95 % intervals over shards; null with fewer than five.',
    ),
    shards: addedLater(
      orNull(shardColumns),
      null,
      'Figures of each shard; null where there are no intervals, or very many shards.',
    ),
    distribution: required(each('distributions', LATENCIES, distribution), 'Of the latencies.'),
    load: loadField,
    sources: required(list(scope, 1, LIMITS.sources), 'In the order of the scenario.'),
    processors: required(list(processor, 1, LIMITS.processors), 'By index.'),
    decisions: addedLater(
      orNull(list(decision, 0, ANY_LENGTH)),
      null,
      'Every DPC queued, by the situation in which the request rule was asked (R10).',
    ),
  },
  'ignored',
);
type PolicyFigures = ReadOf<typeof policyResultRecord>;
/** What one policy did: figures of the machine, its sources and its processors; times in ns. */
export interface PolicyResult extends Omit<PolicyFigures, 'stopped'> {
  stopped?: PolicyFigures['stopped'];
}
const policyResult: Shape<PolicyResult> = policyResultRecord;

const policyComparison = record(
  'comparison',
  {
    policy: required(text, "The policy's name."),
    against: required(text, "The first policy's name."),
    sentence: required(text, 'What it says of IPIs and DPC latency, in words.'),
    ...perFigure(orNull(figureComparison)),
  },
  'ignored',
);
/** A policy against the first one. Null: one of the two has no such figure. */
export interface PolicyComparison extends ReadOf<typeof policyComparison> {}

export const resultDocument = record(
  'result',
  {
    schema: required(words([RESULT_SCHEMA]), 'The version of this schema.'),
    meta: required(meta, 'What made it, and how much was simulated.'),
    warnings: addedLater(
      list(warning, 0, ANY_LENGTH),
      [],
      'Said before any figure; empty where nothing is wrong.',
    ),
    scenario: required(simulatedScenario, 'As simulated, defaults filled in.'),
    answer: addedLater(
      orNull(answer),
      null,
      "The answer to the scenario's question: what its focus names, compared.",
    ),
    results: required(
      list(policyResult, 1, LIMITS.policies),
      'One for each policy of the scenario, in order.',
    ),
    comparisons: addedLater(
      list(policyComparison, 0, LIMITS.policies),
      [],
      'Every policy but the first against the first, in their order; shard by shard.',
    ),
  },
  'ignored',
);
/**
 * A whole result, as `--json` writes it (docs/result.schema.json). All but `meta.host` is a
 * function of scenario, seed and kernel.
 */
export interface ResultDocument extends ReadOf<typeof resultDocument> {}
