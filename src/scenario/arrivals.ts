import { formatCount, formatNsExactly, plainText } from '../units.js';
import { meanNs } from './distribution-mean.js';
import { gapTime, spanTime } from './distribution.js';
import { duration, either, printable, rate } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import type { Arrivals, Distribution, RecordedArrivals } from './scenario.js';
import { converted, defaulted, isObject, optional, record, required, shared } from './shape.js';
import type { Field, RecordShape, Shape, Spot } from './shape.js';
import { variant, variants } from './variants.js';
import type { VariantsShape } from './variants.js';

const NS_PER_SECOND = 1e9;
const span = duration(0, LIMITS.spanNs);

const startField = (sentence: string): Field<number> => defaulted(span, 0, sentence);

/**
 * The arrival times themselves. Long lists of plain numbers take no more than a comparison each.
 */
const arrivalTimes: Shape<number[]> = {
  allowed: `a list of up to ${formatCount(LIMITS.arrivalList)} instants, not descending`,
  read: (value, spot) => {
    if (!Array.isArray(value) || value.length > LIMITS.arrivalList) {
      return spot.expected(arrivalTimes.allowed, value);
    }
    const times = new Array<number>(value.length);
    let before = 0;
    for (let index = 0; index < value.length; index += 1) {
      const time = readInstant(value[index], index, spot);
      if (time === undefined) {
        if (spot.scope.isFull) return undefined;
        continue;
      }
      if (time < before) {
        return spot
          .at(index)
          .problem(
            `expected an instant not before the last, ${formatNsExactly(before)}, ` +
              `found ${formatNsExactly(time)}`,
            'sort the list',
          );
      }
      times[index] = before = time;
    }
    return times;
  },
  json: (defs) => ({ type: 'array', items: span.json(defs), maxItems: LIMITS.arrivalList }),
};

function readInstant(value: unknown, index: number, spot: Spot): number | undefined {
  const isPlain = Number.isInteger(value) && (value as number) >= 0;
  if (isPlain && (value as number) <= LIMITS.spanNs) return (value as number) || 0;
  return span.read(value, spot.at(index));
}

interface Poisson {
  rate: number;
  start: number;
}

export const poissonRecord: RecordShape<Poisson> = record('poisson', {
  rate: required(rate, 'Arrivals per second on average.'),
  start: startField('The instant from which the first gap runs.'),
});

interface Periodic {
  period: number | null;
  rate: number | null;
  start: number;
  jitter: Distribution;
}

export const periodicRecord: RecordShape<Periodic> = record('periodic', {
  period: optional(
    duration(1, LIMITS.spanNs),
    'from `rate`',
    'From one arrival to the next; give this or `rate`.',
  ),
  rate: optional(
    rate,
    'from `period`',
    'Arrivals per second, turned into a period that is rounded to the nearest nanosecond.',
  ),
  start: startField('The instant of the first arrival, before its jitter.'),
  jitter: defaulted(
    spanTime,
    0,
    'Added to each arrival on its own, without shifting those after it; an arrival never comes ' +
      'before the one that precedes it.',
  ),
});

interface Bursts {
  on: Distribution;
  off: Distribution;
  rate: number | null;
  gap: Distribution | null;
  start: number;
}

export const burstsRecord: RecordShape<Bursts> = record('bursts', {
  on: required(spanTime, 'How long a burst lasts.'),
  off: required(spanTime, 'How long it is quiet between two bursts.'),
  rate: optional(
    rate,
    'from `gap`',
    'Arrivals per second within a burst, as a Poisson process; give this or `gap`.',
  ),
  gap: optional(gapTime, 'from `rate`', 'From one arrival to the next within a burst.'),
  start: startField('The instant at which the first burst begins.'),
});

interface Renewal {
  gap: Distribution;
  start: number;
}

export const renewalRecord: RecordShape<Renewal> = record('renewal', {
  gap: required(gapTime, 'From one arrival to the next, drawn on its own each time.'),
  start: startField('The instant from which the first gap runs.'),
});

const atForm = record<{ at: number[] }>('arrivals', {
  at: required(arrivalTimes, 'The arrival times themselves.'),
});

const poissonForm = record<{ poisson: Poisson }>('arrivals', {
  poisson: required(
    either(
      (value) => !isObject(value),
      converted(rate, (perSecond): Poisson => ({ rate: perSecond, start: 0 })),
      poissonRecord,
    ),
    'A Poisson process: gaps are exponential, so an arrival tells nothing about the next.',
  ),
});

const periodicForm = record<{ periodic: Periodic }>('arrivals', {
  periodic: required(periodicRecord, 'One arrival each period, with jitter if wanted.'),
});

const burstsForm = record<{ bursts: Bursts }>('arrivals', {
  bursts: required(burstsRecord, 'On and off phases in turn, with arrivals while on.'),
});

const renewalForm = record<{ renewal: Renewal }>('arrivals', {
  renewal: required(renewalRecord, 'Gaps from any distribution, each drawn on its own.'),
});

const recordingForm = record<{ recording: string; stream: string | null }>('arrivals', {
  recording: required(
    printable(1, LIMITS.pathLength),
    'A recording made by `dpcbench import`; the path is relative to the scenario file.',
  ),
  stream: optional(
    printable(1, LIMITS.nameLength),
    'the only stream',
    'Which stream of the recording. Each arrival keeps its own processor, ISR and service time, ' +
      "which come before the source's.",
  ),
});

export const arrivalForms: VariantsShape<Arrivals> = variants<Arrivals>('arrivals', [
  variant('at', atForm, ({ at }): Arrivals => ({ kind: 'at', atNs: at })),
  variant('poisson', poissonForm, ({ poisson }): Arrivals => ({
    kind: 'renewal',
    startNs: poisson.start,
    gap: exponentialGap(poisson.rate),
  })),
  variant('periodic', periodicForm, ({ periodic }, spot) =>
    periodicArrivals(periodic, spot.at('periodic')),
  ),
  variant('bursts', burstsForm, ({ bursts }, spot) => burstArrivals(bursts, spot.at('bursts'))),
  variant('renewal', renewalForm, ({ renewal }): Arrivals => ({
    kind: 'renewal',
    startNs: renewal.start,
    gap: renewal.gap,
  })),
  variant('recording', recordingForm, (form, spot) => recordedArrivals(form, spot)),
]);

/** When the interrupts of a device source arrive. */
export const arrivals: Shape<Arrivals> = shared('arrivals', arrivalForms);

/**
 * The mean is the exact one: rounded, it would shift fast rates by more than they are measured to.
 */
function exponentialGap(perSecond: number): Distribution {
  return { kind: 'exponential', meanNs: NS_PER_SECOND / perSecond };
}

function periodicArrivals(periodic: Periodic, spot: Spot): Arrivals | undefined {
  const { period, rate: perSecond, start, jitter } = periodic;
  if ((period === null) === (perSecond === null)) return oneOf('period', 'rate', period, spot);
  const periodNs = period ?? Math.max(1, Math.round(NS_PER_SECOND / perSecond!));
  return { kind: 'periodic', startNs: start, periodNs, jitter };
}

function burstArrivals(bursts: Bursts, spot: Spot): Arrivals | undefined {
  const { on, off, rate: perSecond, gap, start } = bursts;
  if (meanNs(on) + meanNs(off) < 1) {
    return spot.problem(
      'on and off together last less than 1 ns on average, so time would stand still',
      'give one of them a length',
    );
  }
  if ((gap === null) === (perSecond === null)) return oneOf('gap', 'rate', gap, spot);
  return { kind: 'bursts', startNs: start, on, off, gap: gap ?? exponentialGap(perSecond!) };
}

function oneOf(first: string, second: string, firstValue: unknown, spot: Spot): undefined {
  const seen = firstValue === null ? 'neither' : 'both';
  return spot.problem(`expected ${first} or ${second}, found ${seen}`);
}

function recordedArrivals(
  form: { recording: string; stream: string | null },
  spot: Spot,
): Arrivals | undefined {
  let recording: RecordedArrivals;
  try {
    recording = spot.scope.resolveRecording(form.recording, form.stream);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return spot.at('recording').problem(plainText(error.message));
  }
  const processors = spot.scope.processors ?? Infinity;
  const foreign = recording.processor.find((index) => index >= processors);
  if (foreign !== undefined) {
    return spot
      .at('recording')
      .problem(
        `the recording has arrivals on processor ${foreign}, ` +
          `the machine has ${processors} processors`,
        `set machine.processors to ${foreign + 1} or more`,
      );
  }
  return { kind: 'recording', recording };
}
