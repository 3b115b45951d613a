import { LINUX_SOFTIRQ } from '../policy/linux-softirq.js';
import type { Calibration, EntrySamples } from '../recording/calibration.js';
import type { ArrivalPlace, RaiseContext } from '../recording/raise-context.js';
import { entryNs, isRaiseKnown } from '../recording/raise-context.js';
import type { RecordedStream, Recording } from '../recording/recording.js';
import {
  constant, DEVICE_IRQL, ENDLESS_THREAD_NS, FIFO, replayMachine, REQUEST_IRQL,
} from '../recording/replay.js';
import type { DeviceSource, Machine, RecordedArrivals, Scenario } from '../scenario/scenario.js';
import { SeededStream } from '../stats/seeded-stream.js';

/** Fewer samples of its own than this, and a name draws from all of its group. */
export const OWN_SAMPLES = 30;

/** The order in which Linux serves the vectors that are pending: kernel/softirq.c. */
const VECTOR_ORDER = [
  'HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'IRQ_POLL', 'TASKLET', 'SCHED', 'HRTIMER', 'RCU',
];

/**
 * The recorded machine as a scenario: handlers run when they ran and for as long, raises come when
 * they came, and nothing of what a raise then waited for is given. See docs/fit.md.
 */
export function fitScenario(
  recording: Recording,
  contexts: readonly RaiseContext[],
  calibration: Calibration,
  seed: number,
): Scenario {
  const { streams, meta } = recording;
  const draws = drawExtras(recording, contexts, calibration, seed);
  const softirqs = streams
    .filter((stream) => stream.kind === 'softirq')
    .sort((a, b) => rankOf(a.name) - rankOf(b.name));
  const handlers = streams.filter((stream) => stream.kind !== 'softirq');
  // Handlers first: a raise at the instant at which a handler is entered was made in it.
  return {
    name: `fit ${meta.origin}`,
    question: '',
    machine: fitMachine(recording, calibration),
    sources: [
      ...handlers.map((stream) => handlerSource(stream, draws)),
      ...softirqs.map((stream) => softirqSource(stream, draws, true)),
      ...softirqs.map((stream) => softirqSource(stream, draws, false)),
    ].filter((source) => source !== null),
    policies: [LINUX_SOFTIRQ],
    until: { timeNs: Math.max(1, meta.spanNs), interrupts: null },
  };
}

/**
 * A thread always runs: Linux delivers alike in thread and idle loop, and the machine's idle loop
 * would take DPCs up by itself. Its own tick costs nothing, since the recorded clock is replayed.
 */
function fitMachine(recording: Recording, { dispatchNs, dequeueNs }: Calibration): Machine {
  const none = constant(0);
  const thread = { busy: constant(ENDLESS_THREAD_NS), idle: none, passive: none, dispatch: none };
  return {
    ...replayMachine(recording),
    costs: {
      interruptNs: 0, clockNs: 0, dispatchNs, dequeueNs,
      ipiSendNs: 0, ipiFlightNs: 0, ipiHandlerNs: 0, haltExitNs: 0,
    },
    background: recording.processors.map(() => thread),
  };
}

function rankOf(name: string): number {
  const rank = VECTOR_ORDER.indexOf(name.replace(/^softirq\//, ''));
  return rank < 0 ? VECTOR_ORDER.length : rank;
}

/** By stream and arrival: what is drawn on top of `dispatchNs`, in ns. */
type Extras = Map<RecordedStream, Uint32Array>;

/**
 * An entry time for every raise by a thread, and for every handler that raised something above a
 * thread. Drawn from the samples, never taken from the arrival itself: what a raise waited for is
 * looked at for calibration alone.
 */
function drawExtras(
  { streams }: Recording,
  contexts: readonly RaiseContext[],
  { dispatchNs, afterRaise, afterHandler }: Calibration,
  seed: number,
): Extras {
  const extras: Extras = new Map(
    streams.map((stream) => [stream, new Uint32Array(stream.atNs.length)]),
  );
  const random = new SeededStream([seed]);
  const draw = ({ stream, index }: ArrivalPlace, group: readonly EntrySamples[]): void => {
    const { samplesNs } = samplesFor(stream.name, group);
    if (samplesNs.length === 0) return;
    extras.get(stream)![index] = samplesNs[random.below(samplesNs.length)] - dispatchNs;
  };
  const pools = [withPool(afterRaise, afterHandler), withPool(afterHandler, afterRaise)];
  // In an order that the latencies, which are to be predicted, have no part in.
  const rank = new Map(streams.map((stream, i) => [stream, i]));
  const inOrder = [...contexts].sort(({ place: a }, { place: b }) =>
    rank.get(a.stream)! - rank.get(b.stream)! || a.index - b.index);
  for (const { place, raisedBy, handler } of inOrder) {
    if (raisedBy === 'thread') draw(place, pools[0]);
    // Drawn again by each further raise in the same handler: still one draw that counts.
    else if (handler !== null) draw(handler, pools[1]);
  }
  return extras;
}

const POOL = '';

/** The group's samples and, under no name, all of them; those of the other group if it has none. */
function withPool(group: readonly EntrySamples[], other: readonly EntrySamples[]): EntrySamples[] {
  const pooled = (each: readonly EntrySamples[]): number[] => each.flatMap((e) => e.samplesNs);
  const own = pooled(group);
  return [...group, { name: POOL, samplesNs: own.length > 0 ? own : pooled(other) }];
}

function samplesFor(name: string, group: readonly EntrySamples[]): EntrySamples {
  const own = group.find((each) => each.name === name);
  if (own !== undefined && own.samplesNs.length >= OWN_SAMPLES) return own;
  return group[group.length - 1];
}

/** Runs when it was entered, on the processor that it ran on. */
function handlerSource(stream: RecordedStream, extras: Extras): DeviceSource {
  const order = timeOrder(stream, (index) => entryNs({ stream, index }));
  const extra = extras.get(stream)!;
  const { target, processor, isrNs, serviceNs } = stream;
  return source(stream.name, DEVICE_IRQL, null, {
    origin: stream.name,
    atNs: Float64Array.from(order, (index) => entryNs({ stream, index })),
    processor: Uint16Array.from(order, (index) => target ?? processor[index]),
    isrNs: Uint32Array.from(order, (index) => isrNs[index] + serviceNs[index] + extra[index]),
    serviceNs: new Uint32Array(order.length),
  });
}

/** The raises of a vector, or its entries without one: those have no latency to predict. */
function softirqSource(
  stream: RecordedStream,
  extras: Extras,
  isRaised: boolean,
): DeviceSource | null {
  const order = timeOrder(stream, (index) => stream.atNs[index])
    .filter((index) => isRaiseKnown({ stream, index }) === isRaised);
  if (order.length === 0) return null;
  const extra = extras.get(stream)!;
  const name = isRaised ? stream.name : `${stream.name} without raise`;
  const none = constant(0);
  const dpc: DeviceSource['dpc'] = {
    importance: 'medium', target: 'current', objects: 'per-processor',
    service: none, perItem: none, budget: 0,
  };
  return source(name, REQUEST_IRQL, dpc, {
    origin: name,
    atNs: Float64Array.from(order, (index) => stream.atNs[index]),
    processor: Uint16Array.from(order, (index) => stream.processor[index]),
    isrNs: Uint32Array.from(order, (index) => extra[index]),
    serviceNs: Uint32Array.from(order, (index) => stream.serviceNs[index]),
  });
}

function timeOrder({ atNs }: RecordedStream, timeOf: (index: number) => number): number[] {
  return Array.from(atNs, (_, index) => index).sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}

function source(
  name: string,
  irql: number,
  dpc: DeviceSource['dpc'],
  recording: RecordedArrivals,
): DeviceSource {
  return {
    kind: 'device', name, irql, processors: [0], isr: constant(0), fifo: FIFO,
    arrivals: { kind: 'recording', recording }, dpc,
  };
}
