import { IMPORTANCES } from '../policy/policy.js';
import type { Condition, Importance, Policy } from '../policy/policy.js';
import { flag, list, processorIndex, whole, words } from '../scenario/leaf-shapes.js';
import { distributionFault } from '../scenario/distribution-fault.js';
import { meanNs } from '../scenario/distribution-mean.js';
import { LIMITS } from '../scenario/limits.js';
import type {
  Arrivals as ScenarioArrivals,
  Background,
  Costs,
  DeviceSource,
  Distribution,
  DpcRoutine,
  Machine,
  Moderation,
  Scenario,
  TimerSource,
  Tunables,
  Until,
  Watchdog,
} from '../scenario/scenario.js';
import {
  addedLater,
  converted,
  orNull,
  record,
  required,
  shared,
  sometimes,
} from '../scenario/shape.js';
import type { FieldsOf, Shape } from '../scenario/shape.js';
import {
  byKind,
  fromZero,
  hexadecimal,
  spanNs,
  text,
  wholeFromOne,
  wholeFromZero,
} from './figure-shapes.js';

/** The scenario as simulated, defaults filled in; recordings by name and hash, not by content. */
export interface SimulatedScenario extends Omit<Scenario, 'sources' | 'focus'> {
  sources: (SimulatedDevice | TimerSource)[];
}

export interface SimulatedDevice extends Omit<DeviceSource, 'arrivals'> {
  arrivals:
    | Exclude<ScenarioArrivals, { kind: 'recording' }>
    | { kind: 'recording'; recording: RecordingReference };
}

/** What stands for a recording's columns. */
export interface RecordingReference {
  origin: string;
  /** SHA-256 of the columns in their order, little-endian; hexadecimal. */
  hash: string;
  arrivals: number;
  /** Recorded ISRs over 25 µs and service times over 100 µs (see `guidelines.ts`). */
  longIsrs: number;
  longServices: number;
}

/**
 * The scenario inside a result: resolved, as `src/scenario/scenario.ts` has its types. These
 * records hold every key of those types, or they do not compile.
 *
 * An unknown key is refused here, unlike elsewhere in a result: it would mean another machine than
 * the one that is shown. A setting that machines got later is declared with `addedLater` and the
 * value by which the machine before it ran.
 */
/** The only value that there is a need to write. */
function always<const T extends boolean>(only: T): Shape<T> {
  return {
    allowed: String(only),
    read: (value, spot) => (value === only ? only : spot.expected(String(only), value)),
    json: () => ({ const: only }),
  };
}

const cost = (sentence: string) => required(spanNs, sentence);

type OfKind<T extends { kind: string }, Kind extends T['kind']> = Extract<T, { kind: Kind }>;
type Drawn<Kind extends Distribution['kind']> = FieldsOf<OfKind<Distribution, Kind>>;
type Arrivals = SimulatedDevice['arrivals'];
type Arriving<Kind extends Arrivals['kind']> = FieldsOf<OfKind<Arrivals, Kind>>;

function kindField<const Kind extends string>(kind: Kind) {
  return required(words([kind]), 'Which of the forms this is.');
}

const leastField = required(spanNs, 'The least, in ns.');
const mostField = required(spanNs, 'The greatest, in ns.');
const meanField = required(spanNs, 'The mean, in ns.');

const constant = record('distribution', {
  kind: kindField('constant'),
  ns: required(spanNs, 'Always this, in ns.'),
} satisfies Drawn<'constant'>);
const uniform = record('distribution', {
  kind: kindField('uniform'),
  minNs: leastField,
  maxNs: mostField,
} satisfies Drawn<'uniform'>);
const exponential = record('distribution', {
  kind: kindField('exponential'),
  meanNs: meanField,
} satisfies Drawn<'exponential'>);
const lognormal = record('distribution', {
  kind: kindField('lognormal'),
  meanNs: meanField,
  p99Ns: required(spanNs, 'The 99th percentile, in ns.'),
} satisfies Drawn<'lognormal'>);
const pareto = record('distribution', {
  kind: kindField('pareto'),
  shape: required(fromZero, 'The tail index.'),
  minNs: leastField,
  maxNs: mostField,
} satisfies Drawn<'pareto'>);
const histogram = converted(
  record('distribution', {
    kind: kindField('histogram'),
    edgesNs: required(list(spanNs, 2, LIMITS.histogramBuckets + 1), 'Ascending, in ns.'),
    weights: required(list(fromZero, 1, LIMITS.histogramBuckets), 'Of each bucket.'),
  } satisfies Drawn<'histogram'>),
  (drawn, spot) =>
    drawn.edgesNs.length === drawn.weights.length + 1
      ? drawn
      : spot.at('edgesNs').problem('there must be one edge more than there are weights'),
);

/** Built when first used: a mixture holds distributions, which may be mixtures. */
function distributionAt(depth: number): Shape<Distribution> {
  const forms = (): Shape<Distribution> =>
    converted(
      byKind<Distribution>({
        constant,
        uniform,
        exponential,
        lognormal,
        pareto,
        histogram,
        mixture: mixtureAt(depth),
      }),
      (drawn, spot) => {
        const fault = distributionFault(drawn);
        return fault === null ? drawn : spot.problem(fault);
      },
    );
  return shared('distribution', {
    allowed: 'a distribution',
    read: (value, spot) => forms().read(value, spot),
    json: (defs) => forms().json(defs),
  });
}

/** As deep as those of a scenario may nest. */
function mixtureAt(depth: number): Shape<OfKind<Distribution, 'mixture'>> {
  const part = record('distribution', {
    weight: required(fromZero, 'Its share, with all weights as the whole.'),
    of: required(distributionAt(depth + 1), 'What is drawn from.'),
  });
  const mixture = record('distribution', {
    kind: kindField('mixture'),
    parts: required(list(part, 1, LIMITS.mixtureParts), 'Drawn from one of them, by weight.'),
  } satisfies Drawn<'mixture'>);
  return {
    ...mixture,
    read: (value, spot) =>
      depth <= LIMITS.mixtureDepth
        ? mixture.read(value, spot)
        : spot.problem(`mixtures nest more than ${LIMITS.mixtureDepth} deep`),
  };
}

const distribution: Shape<Distribution> = distributionAt(1);

const recordingReference = record<RecordingReference>('recording', {
  origin: required(text, 'File and stream, for people.'),
  hash: required(hexadecimal(64), 'SHA-256 of the columns in their order, little-endian.'),
  arrivals: required(wholeFromZero, 'How many arrivals it holds.'),
  longIsrs: required(wholeFromZero, 'ISRs over the guideline of 25 µs.'),
  longServices: required(wholeFromZero, 'Service times over the guideline of 100 µs.'),
});

/** Arrivals that stood still would never end. */
const gap: Shape<Distribution> = converted(distribution, (drawn, spot) =>
  meanNs(drawn) < 1 ? spot.problem('its mean is below 1 ns') : drawn,
);
const period: Shape<number> = converted(spanNs, (ns, spot) =>
  ns < 1 ? spot.problem('a period is at least 1 ns') : ns,
);

const startField = required(spanNs, 'From where the first gap runs, in ns.');

const arrivals: Shape<Arrivals> = byKind<Arrivals>({
  at: record('arrivals', {
    kind: kindField('at'),
    atNs: required(list(spanNs, 0, LIMITS.arrivalList), 'The arrival times, not descending.'),
  } satisfies Arriving<'at'>),
  renewal: record('arrivals', {
    kind: kindField('renewal'),
    startNs: startField,
    gap: required(gap, 'From one arrival to the next.'),
  } satisfies Arriving<'renewal'>),
  periodic: record('arrivals', {
    kind: kindField('periodic'),
    startNs: startField,
    periodNs: required(period, 'From one arrival to the next, in ns.'),
    jitter: required(distribution, 'Added to each arrival on its own.'),
  } satisfies Arriving<'periodic'>),
  bursts: converted(
    record('arrivals', {
      kind: kindField('bursts'),
      startNs: startField,
      on: required(distribution, 'How long a burst lasts.'),
      off: required(distribution, 'How long it is quiet between two.'),
      gap: required(gap, 'From one arrival to the next within a burst.'),
    } satisfies Arriving<'bursts'>),
    (drawn, spot) =>
      meanNs(drawn.on) + meanNs(drawn.off) < 1
        ? spot.problem('on and off together last less than 1 ns on average')
        : drawn,
  ),
  recording: record('arrivals', {
    kind: kindField('recording'),
    recording: required(recordingReference, 'Where they came from.'),
  } satisfies Arriving<'recording'>),
});

const target: Shape<DpcRoutine['target']> = {
  allowed: `current, round-robin or ${processorIndex.allowed}`,
  read: (value, spot) =>
    typeof value === 'number'
      ? processorIndex.read(value, spot)
      : words(['current', 'round-robin']).read(value, spot),
  json: (defs) => ({ anyOf: [{ enum: ['current', 'round-robin'] }, processorIndex.json(defs)] }),
};

const dpcRoutine = record<DpcRoutine>('dpc', {
  importance: required(words(IMPORTANCES), 'The importance of the DPC object.'),
  target: required(target, 'The processor to whose queue it goes (R19).'),
  objects: required(words(['one', 'per-processor']), 'How many objects there are (R20).'),
  service: required(distribution, 'How long the routine takes.'),
  perItem: required(distribution, 'What each item after the first adds.'),
  budget: required(wholeFromZero, 'Items that a routine takes at most; 0 for all (R13).'),
  threaded: sometimes(always(true), 'It runs in a DPC thread (R22).'),
});

const moderation = record<Moderation>('moderation', {
  timeNs: required(orNull(spanNs), 'How long an interrupt is held back; null for no limit.'),
  count: required(orNull(wholeFromOne), 'How many arrivals raise it; null for no limit.'),
});

const device = record<SimulatedDevice>('device', {
  kind: kindField('device'),
  name: required(text, 'The name in results.'),
  irql: required(whole(LIMITS.irqlLow, LIMITS.irqlHigh), 'The IRQL of its interrupt.'),
  processors: required(
    list(processorIndex, 1, LIMITS.processorList),
    'Where its interrupts go, in turn (R18).',
  ),
  isr: required(distribution, 'How long its ISR takes.'),
  fifo: required(wholeFromOne, 'Items that wait at most.'),
  arrivals: required(arrivals, 'When its interrupts arrive.'),
  dpc: required(orNull(dpcRoutine), 'What its ISR queues; null for nothing.'),
  moderation: sometimes(moderation, 'How the device holds its interrupt back (R24).'),
});

const timer = record<TimerSource>('timer', {
  kind: kindField('timer'),
  name: required(text, 'The name in results.'),
  processor: required(processorIndex, 'The processor whose clock expires it.'),
  dueNs: required(spanNs, 'When it is due first.'),
  periodNs: required(spanNs, 'From one due time to the next.'),
  service: required(distribution, 'How long its work takes in the timer DPC.'),
});

const costs = record<Costs>('costs', {
  interruptNs: cost('To take a device interrupt.'),
  clockNs: cost('To handle a clock tick.'),
  dispatchNs: cost('To enter a drain.'),
  dequeueNs: cost('To take a DPC off the queue.'),
  ipiSendNs: cost('To send an IPI.'),
  ipiFlightNs: cost('From the sending of an IPI to its arrival.'),
  ipiHandlerNs: cost('To handle an IPI.'),
  haltExitNs: cost('To leave a halt.'),
  threadSwitchNs: sometimes(spanNs, 'To switch to a DPC thread; where a DPC is threaded (R22).'),
});

const watchdog = record<Watchdog>('watchdog', {
  routineNs: required(spanNs, 'The limit of a single routine or ISR; 0 for none.'),
  dispatchNs: required(spanNs, 'The limit of the time at DISPATCH; 0 for none.'),
  action: required(words(['count', 'stop']), 'What a timeout does.'),
});

const tunable = (sentence: string) => required(wholeFromZero, sentence);

const tunables = record<Tunables>('tunables', {
  maximumDpcQueueDepth: tunable('MaximumDpcQueueDepth.'),
  minimumDpcRate: tunable('MinimumDpcRate.'),
  idealDpcRate: tunable('IdealDpcRate.'),
  adjustDpcThreshold: tunable('AdjustDpcThreshold.'),
});

const background = record<Background>('background', {
  busy: required(distribution, 'How long a thread runs.'),
  idle: required(distribution, 'How long it is idle between two.'),
  passive: required(distribution, 'How long a thread runs at PASSIVE_LEVEL.'),
  dispatch: required(distribution, 'How long it then runs at DISPATCH_LEVEL.'),
});

/** Everything after it refers to processors by index. */
const processors = converted(whole(1, LIMITS.processors), (count, spot) => {
  spot.scope.processors = count;
  return count;
});

const machine = converted(
  record<Machine>('machine', {
    processors: required(processors, 'How many processors it has.'),
    tickNs: required(spanNs, 'From one clock tick to the next.'),
    tickSkewNs: required(spanNs, 'How much later each processor ticks than the one before.'),
    dynamicTick: required(flag, 'Whether a halted processor skips its ticks.'),
    pollNs: required(spanNs, 'How long the idle loop polls before it halts.'),
    ipi: required(words(['dispatch', 'ipi-level']), 'What an IPI is (R11).'),
    threadedDpcs: sometimes(always(false), 'Threaded DPCs run as ordinary ones (R22).'),
    watchdog: sometimes(watchdog, 'Limits of routines and of the time at DISPATCH (R23).'),
    costs: required(costs, 'What the machine itself takes, in ns.'),
    tunables: required(tunables, 'The registry values of Windows.'),
    background: required(
      list(background, 0, LIMITS.processors),
      'One for each processor, or none at all.',
    ),
  }),
  (read, spot) =>
    read.background.length === 0 || read.background.length === read.processors
      ? read
      : spot.at('background').problem('there must be one for each processor, or none'),
);

function perImportance<T>(shape: Shape<T>): Shape<Record<Importance, T>> {
  const fields = IMPORTANCES.map((name) => [name, required(shape, `For ${name}.`)]);
  return record('policy', Object.fromEntries(fields) as FieldsOf<Record<Importance, T>>);
}

const condition = record<Condition>('condition', {
  text: required(text, 'As it was written.'),
  table: required(hexadecimal(16), 'Its truth table: bit n is the answer when the facts are n.'),
});

const policy = record<Policy>('policy', {
  name: required(text, 'The name in results.'),
  sentence: required(text, 'The rule in words, or "".'),
  source: required(text, 'Where the rule stands, or "".'),
  current: required(perImportance(condition), 'When a DPC for the current processor requests.'),
  other: required(perImportance(condition), 'When a DPC for another processor requests.'),
  insert: required(perImportance(words(['head', 'tail'])), 'The end of the queue it goes to.'),
  depth: required(words(['reaches', 'exceeds']), 'What makes a queue over its maximum depth.'),
  suppress: required(flag, 'Whether a target that was asked is not asked again.'),
  tickRescue: required(flag, 'Whether a tick starts a drain that nobody asked for (R16).'),
  adaptive: required(flag, 'Whether the maximum depth adapts at ticks (R16).'),
  drainLimit: required(wholeFromZero, 'Routines after which a drain ends; 0 for no limit.'),
  drainTimeNs: sometimes(spanNs, 'Time after which a drain ends with the routine that runs.'),
});

const until: Shape<Until> = record<Until>('until', {
  timeNs: required(orNull(spanNs), 'The simulated time at which it ends.'),
  interrupts: required(orNull(wholeFromOne), 'The arrivals after which no more arrive.'),
});

export const simulatedScenario: Shape<SimulatedScenario> = record<SimulatedScenario>('scenario', {
  name: required(text, 'Its name.'),
  question: addedLater(text, '', 'The question that it answers, or "".'),
  // Before the sources, which refer to its processors.
  machine: required(machine, 'The machine.'),
  sources: required(
    list(byKind<SimulatedScenario['sources'][number]>({ device, timer }), 1, LIMITS.sources),
    'Where interrupts and timers come from.',
  ),
  policies: required(list(policy, 1, LIMITS.policies), 'In the order of the results.'),
  until: required(until, 'When a run ends; whichever comes first.'),
});
