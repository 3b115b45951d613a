import { formatCount } from '../units.js';
import { isZero, meanNs } from './distribution-mean.js';
import { spanTime } from './distribution.js';
import { duration, flag, oneOrList, whole, words } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import type { Background, Costs, Machine, Tunables, Watchdog } from './scenario.js';
import { converted, defaulted, optional, record } from './shape.js';
import type { Field, RecordShape, Shape } from './shape.js';

interface WrittenCosts {
  interrupt: number;
  clock: number;
  dispatch: number;
  dequeue: number;
  ipiSend: number;
  ipiFlight: number;
  ipiHandler: number;
  haltExit: number;
  threadSwitch: number;
}

interface WrittenWatchdog {
  routine: number;
  dispatch: number;
  action: 'count' | 'stop';
}

const cost = (fallbackNs: number, sentence: string): Field<number> =>
  defaulted(duration(0, LIMITS.costNs), fallbackNs, sentence);

export const costsRecord: RecordShape<WrittenCosts> = record('costs', {
  interrupt: cost(500, 'Accepting an interrupt, before its ISR.'),
  clock: cost(1_000, 'The clock interrupt of a tick.'),
  dispatch: cost(500, 'Entering a drain from the DISPATCH interrupt: entry and DPC stack switch.'),
  dequeue: cost(100, 'Taking one DPC from the queue, before its routine.'),
  ipiSend: cost(200, 'Sending an IPI, spent by the ISR that caused it.'),
  ipiFlight: cost(800, 'From sending an IPI to its arrival at the other processor.'),
  ipiHandler: cost(500, 'Handling an IPI on a machine with `ipi: ipi-level`.'),
  haltExit: cost(2_000, 'Leaving the halted state.'),
  threadSwitch: cost(1_500, 'Switching to the DPC thread that runs threaded DPCs.'),
});

export const watchdogRecord: RecordShape<WrittenWatchdog> = record('watchdog', {
  routine: defaulted(
    duration(0, LIMITS.spanNs),
    0,
    'How long a single routine or ISR may run, rounded up to whole ticks; 0 means no limit.',
  ),
  dispatch: defaulted(
    duration(0, LIMITS.spanNs),
    0,
    'How long ticks in a row may find the processor at DISPATCH or above, rounded up to whole ' +
      'ticks; 0 means no limit.',
  ),
  action: defaulted(
    words(['count', 'stop']),
    'count',
    'What a timeout does: it is counted, or stops the machine as bug check 0x133 does.',
  ),
});

const rateCount = (minimum: number, fallback: number, sentence: string): Field<number> =>
  defaulted(whole(minimum, LIMITS.tunable), fallback, sentence);

export const tunablesRecord: RecordShape<Tunables> = record('tunables', {
  maximumDpcQueueDepth: rateCount(
    1,
    4,
    'The queue depth from which a queue is over, and the most that it adapts to.',
  ),
  minimumDpcRate: rateCount(0, 3, 'DPCs a tick below which a queue is slow and requests are rare.'),
  idealDpcRate: rateCount(
    0,
    20,
    'Requests a tick below which the maximum depth falls when a tick finds DPCs waiting.',
  ),
  adjustDpcThreshold: rateCount(
    1,
    20,
    'Ticks without DPCs waiting after which the maximum depth rises by one.',
  ),
});

export const backgroundRecord: RecordShape<Background> = record('background', {
  busy: defaulted(
    spanTime,
    0,
    'How long a thread has to run; 0 means that the processor has no threads.',
  ),
  idle: defaulted(spanTime, 0, 'From the end of a thread until the next is ready.'),
  passive: defaulted(
    spanTime,
    0,
    'How long the thread runs at PASSIVE between two sections at DISPATCH.',
  ),
  dispatch: defaulted(
    spanTime,
    0,
    'How long such a section lasts, in which a spin lock is held; 0 means none.',
  ),
});

const background: Shape<Background> = converted(backgroundRecord, (threads, spot) => {
  const { busy, idle, passive, dispatch } = threads;
  if (!isZero(busy) && meanNs(busy) + meanNs(idle) < 1) {
    return spot.problem(
      'busy and idle together last less than 1 ns on average',
      'time would stand still; make one of them longer',
    );
  }
  if (!isZero(dispatch) && meanNs(passive) + meanNs(dispatch) < 1) {
    return spot.problem(
      'passive and dispatch together last less than 1 ns on average',
      'time would stand still; make one of them longer',
    );
  }
  return threads;
});

/** One entry for each processor, whether written once for all or one by one. */
const backgrounds: Shape<Background[]> = converted(
  oneOrList(background, 0, LIMITS.processors),
  (entries, spot) => {
    const { processors } = spot.scope;
    // How many there are to be cannot be said until their number is mended.
    if (processors === null) return entries;
    if (entries.length === 0 || entries.length === processors) return entries;
    if (entries.length === 1) return Array.from({ length: processors }, () => entries[0]);
    return spot.expected(
      `one entry for all or ${formatCount(processors)}, one for each processor`,
      entries,
    );
  },
);

const processors: Shape<number> = converted(whole(1, LIMITS.processors), (count, spot) => {
  spot.scope.processors = count;
  return count;
});

interface WrittenMachine {
  processors: number;
  tick: number;
  tickSkew: number;
  dynamicTick: boolean;
  poll: number;
  ipi: 'dispatch' | 'ipi-level';
  threadedDpcs: boolean;
  watchdog: WrittenWatchdog | null;
  costs: WrittenCosts;
  tunables: Tunables;
  background: Background[];
}

export const machineRecord: RecordShape<WrittenMachine> = record('machine', {
  // First, because the fields after it and the sources refer to processors by index.
  processors: defaulted(processors, 1, 'How many processors the machine has.'),
  tick: defaulted(
    duration(LIMITS.tickLowNs, LIMITS.spanNs),
    '15.625ms',
    'From one clock tick to the next; a setting of the machine, never drawn.',
  ),
  tickSkew: defaulted(
    duration(0, LIMITS.costNs),
    0,
    'How much later each processor ticks than the one before it.',
  ),
  dynamicTick: defaulted(flag, false, 'Whether a halted processor skips its ticks.'),
  poll: defaulted(
    duration(0, LIMITS.spanNs),
    0,
    'How long the idle loop polls its queue before it halts.',
  ),
  ipi: defaulted(
    words(['dispatch', 'ipi-level']),
    'dispatch',
    'What an IPI is: the DISPATCH vector itself (x64), or an interrupt at IRQL 14 (x86).',
  ),
  threadedDpcs: defaulted(
    flag,
    true,
    'Whether threaded DPCs run in DPC threads; otherwise they are ordinary ones.',
  ),
  watchdog: optional(
    watchdogRecord,
    'none',
    'Limits of a single routine and of the time at DISPATCH, as of bug check 0x133.',
  ),
  costs: defaulted(
    costsRecord,
    {},
    'What the machine itself takes; settings of the machine, never drawn.',
  ),
  tunables: defaulted(
    tunablesRecord,
    {},
    'The registry values of Windows Internals, 7th ed., part 2, table 8-8.',
  ),
  background: defaulted(
    backgrounds,
    [],
    'Threads: one entry for all processors or one for each; left out, there are none.',
  ),
});

export const machine: Shape<Machine> = converted(machineRecord, (written): Machine => ({
  processors: written.processors,
  tickNs: written.tick,
  tickSkewNs: written.tickSkew,
  dynamicTick: written.dynamicTick,
  pollNs: written.poll,
  ipi: written.ipi,
  ...(written.threadedDpcs ? {} : { threadedDpcs: false }),
  ...(written.watchdog === null ? {} : { watchdog: watchdogInNs(written.watchdog) }),
  costs: costsInNs(written.costs),
  tunables: written.tunables,
  background: written.background,
}));

function watchdogInNs({ routine, dispatch, action }: WrittenWatchdog): Watchdog {
  return { routineNs: routine, dispatchNs: dispatch, action };
}

function costsInNs(written: WrittenCosts): Costs {
  return {
    interruptNs: written.interrupt,
    clockNs: written.clock,
    dispatchNs: written.dispatch,
    dequeueNs: written.dequeue,
    ipiSendNs: written.ipiSend,
    ipiFlightNs: written.ipiFlight,
    ipiHandlerNs: written.ipiHandler,
    haltExitNs: written.haltExit,
    threadSwitchNs: written.threadSwitch,
  };
}
