import { quote } from '../units.js';
import { arrivals } from './arrivals.js';
import { workTime } from './distribution.js';
import {
  duration,
  either,
  flag,
  oneOrList,
  printable,
  processorIndex,
  whole,
  words,
} from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { IMPORTANCES } from '../policy/policy.js';
import type { Importance } from '../policy/policy.js';
import type {
  Arrivals,
  DeviceSource,
  Distribution,
  DpcRoutine,
  Moderation,
  Source,
  TimerSource,
} from './scenario.js';
import { converted, defaulted, isObject, optional, record, required, shared } from './shape.js';
import type { Field, RecordShape, Shape, Spot } from './shape.js';

/**
 * The DPC of a processor's timers in the event log; a source of that name would be mistaken for it.
 */
const TIMER_DPC_NAME = 'KiTimerExpiration';

/**
 * `@` is kept for the event log, where `nic@3` is the object of source `nic` for processor 3: a
 * source of that name could not be told from it.
 */
const sourceName: Shape<string> = converted(printable(1, LIMITS.nameLength), (name, spot) => {
  if (!name.includes('@') && name !== TIMER_DPC_NAME) return name;
  return spot.problem(
    `expected a name without @ that is not ${TIMER_DPC_NAME}, found ${quote(name)}`,
    'the event log names DPC objects name@processor',
  );
});

const nameField: Field<string> = required(
  sourceName,
  `The name in results and in the event log: unique, without \`@\`, not \`${TIMER_DPC_NAME}\`, ` +
    'both of which the event log uses.',
);

interface WrittenDpc {
  importance: Importance;
  target: 'current' | 'round-robin' | number;
  objects: 'one' | 'per-processor';
  service: Distribution | null;
  perItem: Distribution;
  budget: number;
  threaded: boolean;
}

export const dpcRecord: RecordShape<WrittenDpc> = record('dpc', {
  importance: defaulted(words(IMPORTANCES), 'medium', 'The importance of the DPC.'),
  target: defaulted(
    either((value) => typeof value === 'number', processorIndex, words(['current', 'round-robin'])),
    'current',
    'The processor to whose queue the DPC goes: the one that runs the ISR, one processor by its ' +
      'index, or all of them in turn.',
  ),
  objects: defaulted(
    words(['one', 'per-processor']),
    'one',
    'One DPC object for the source, or one for each processor as with MSI-X.',
  ),
  service: optional(
    workTime,
    'must be given, except with a recording',
    'How long the routine runs; drawn for the oldest item that it takes.',
  ),
  perItem: defaulted(workTime, 0, 'How much longer it runs for each item that it takes.'),
  budget: defaulted(
    whole(0, LIMITS.routineCount),
    0,
    'Items that a routine takes at most before it queues itself again; 0 means all.',
  ),
  threaded: defaulted(
    flag,
    false,
    'Whether the routine runs at PASSIVE, in the DPC thread of its processor.',
  ),
});

interface WrittenModeration {
  time: number | null;
  count: number | null;
}

export const moderationRecord: RecordShape<WrittenModeration> = record('moderation', {
  time: optional(
    duration(0, LIMITS.spanNs),
    'no limit',
    'How long after the first arrival held back the interrupt is raised.',
  ),
  count: optional(
    whole(1, LIMITS.routineCount),
    'no limit',
    'How many arrivals raise the interrupt before the time is over.',
  ),
});

const moderation: Shape<Moderation> = {
  ...converted(moderationRecord, ({ time, count }, spot) => {
    if (time !== null || count !== null) return { timeNs: time, count };
    return spot.problem(
      'neither time nor count is given',
      'the interrupt would be held back for ever: give one of them, or leave moderation out',
    );
  }),
  json: (defs) => ({ ...moderationRecord.json(defs), minProperties: 1 }),
};

interface WrittenDevice {
  name: string;
  irql: number;
  processor: number[];
  isr: Distribution;
  fifo: number;
  arrivals: Arrivals;
  dpc: WrittenDpc | null;
  moderation: Moderation | null;
}

export const deviceRecord: RecordShape<WrittenDevice> = record('device-source', {
  name: nameField,
  irql: required(whole(LIMITS.irqlLow, LIMITS.irqlHigh), 'The IRQL of its interrupts.'),
  processor: defaulted(
    oneOrList(processorIndex, 1, LIMITS.processorList),
    0,
    'The processor that is interrupted, or a list that the arrivals go through in turn.',
  ),
  isr: defaulted(workTime, 0, 'How long its ISR runs, beyond `costs.interrupt`.'),
  fifo: defaulted(
    whole(1, LIMITS.fifo),
    1_024,
    'Items that can wait for one DPC object; an item beyond that is dropped.',
  ),
  arrivals: required(arrivals, 'When its interrupts arrive.'),
  dpc: optional(dpcRecord, 'the ISR does all the work', 'The DPC that its ISR queues.'),
  moderation: optional(
    moderation,
    'each arrival raises the interrupt',
    'How long the device holds its interrupt back, for each processor apart.',
  ),
});

interface WrittenTimer {
  due: number | null;
  period: number;
}

export const timerRecord: RecordShape<WrittenTimer> = record('timer', {
  due: optional(duration(0, LIMITS.spanNs), 'one `period`', 'When the timer is due first.'),
  period: required(
    duration(1, LIMITS.spanNs),
    'From one due time to the next; a setting, never drawn.',
  ),
});

interface WrittenTimerSource {
  name: string;
  timer: WrittenTimer;
  processor: number;
  service: Distribution;
}

export const timerSourceRecord: RecordShape<WrittenTimerSource> = record('timer-source', {
  name: nameField,
  timer: required(timerRecord, 'When the timer is due.'),
  processor: defaulted(processorIndex, 0, 'The processor whose clock expires the timer.'),
  service: required(workTime, "How long the timer's work takes in the timer DPC."),
});

const device: Shape<DeviceSource> = converted(deviceRecord, (written, spot) => {
  const { name, irql, processor: processors, isr, fifo } = written;
  const dpc =
    written.dpc === null ? null : dpcRoutine(written.dpc, written.arrivals, spot.at('dpc'));
  if (dpc === undefined) return undefined;
  return {
    kind: 'device',
    name,
    irql,
    processors,
    isr,
    fifo,
    arrivals: written.arrivals,
    dpc,
    ...(written.moderation === null ? {} : { moderation: written.moderation }),
  };
});

/** In a recording each arrival has its own service time, so that none need be given here. */
function dpcRoutine(dpc: WrittenDpc, when: Arrivals, spot: Spot): DpcRoutine | undefined {
  const fromRecording: Distribution | null =
    when.kind === 'recording' ? { kind: 'constant', ns: 0 } : null;
  const service = dpc.service ?? fromRecording;
  if (service === null) {
    return spot.problem('the key service is missing', `expected ${workTime.allowed}`);
  }
  const { threaded, ...rest } = dpc;
  return { ...rest, service, ...(threaded ? { threaded } : {}) };
}

const timer: Shape<TimerSource> = converted(timerSourceRecord, (written): TimerSource => ({
  kind: 'timer',
  name: written.name,
  processor: written.processor,
  dueNs: written.timer.due ?? written.timer.period,
  periodNs: written.timer.period,
  service: written.service,
}));

const isTimer = (value: unknown): boolean => isObject(value) && Object.hasOwn(value, 'timer');

/** A device that interrupts, or, with the key `timer`, a kernel timer. */
export const source: Shape<Source> = shared('source', {
  ...either<Source, Source>(isTimer, timer, device),
  allowed: 'a device source or, with the key timer, a timer source',
  // Told apart by one key, so that an editor explains the form that was meant.
  json: (defs) => ({
    if: { type: 'object', properties: { timer: {} }, required: ['timer'] },
    then: timer.json(defs),
    else: device.json(defs),
  }),
});
