import { LINUX_SOFTIRQ } from '../policy/linux-softirq.js';
import type { Calibration } from '../recording/calibration.js';
import type { RecordingContexts } from '../recording/raise-context.js';
import { VECTORS } from '../recording/babeltrace.js';
import { entryNs, isRaiseKnown } from '../recording/raise-context.js';
import type { RecordedStream, Recording } from '../recording/recording.js';
import {
  constant,
  DEVICE_IRQL,
  ENDLESS_THREAD_NS,
  FIFO,
  replayMachine,
  REQUEST_IRQL,
} from '../recording/replay.js';
import type { DeviceSource, Machine, RecordedArrivals, Scenario } from '../scenario/scenario.js';
import { drawFit, type FitDraws } from './fit-draws.js';

/**
 * Between a raise and its entry the processor is kept from threads and softirqs, not from handlers.
 */
const SECTION_IRQL = REQUEST_IRQL + 1;

/** A scenario, and what it cannot tell. */
export interface FitReplay {
  scenario: Scenario;
  /** Latencies that are drawn whole, by stream: of raises in the half that is judged. */
  lateNs: Map<RecordedStream, number[]>;
}

/**
 * The recorded machine as a scenario: handlers run when they ran and for as long, raises come when
 * they came, and nothing of what a raise then waited for is given. See docs/fit.md.
 */
export function fitScenario(
  recording: Recording,
  contexts: RecordingContexts,
  calibration: Calibration,
  seed: number,
): FitReplay {
  const { streams, meta } = recording;
  const draws = drawFit(recording, contexts, calibration, seed);
  const softirqs = streams
    .filter((stream) => stream.kind === 'softirq')
    .sort((a, b) => rankOf(a.name) - rankOf(b.name));
  const handlers = streams.filter((stream) => stream.kind !== 'softirq');
  // Handlers first: a raise at the instant at which a handler is entered was made in it.
  const lateNs = new Map(softirqs.map((stream) => [stream, judgedLateNs(stream, draws, meta)]));
  const scenario: Scenario = {
    name: `fit ${meta.origin}`,
    question: '',
    machine: fitMachine(recording, calibration),
    sources: [
      ...handlers.map((stream) => handlerSource(stream, draws)),
      sectionSource(draws),
      ...softirqs.map((stream) => softirqSource(stream, draws, true)),
      ...softirqs.map((stream) => softirqSource(stream, draws, false)),
    ].filter((source) => source !== null),
    policies: [LINUX_SOFTIRQ],
    until: { timeNs: Math.max(1, meta.spanNs), interrupts: null },
  };
  return { scenario, lateNs };
}

/** Costs are measured before this instant, predictions judged from it on. */
export function halfOf({ spanNs }: Recording['meta']): number {
  return Math.floor(spanNs / 2);
}

function judgedLateNs(stream: RecordedStream, draws: FitDraws, meta: Recording['meta']): number[] {
  const judged = [...stream.atNs.keys()].filter((index) => stream.atNs[index] >= halfOf(meta));
  return judged.map((index) => draws.lateNs.get(stream)![index]).filter((ns) => ns > 0);
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
      interruptNs: 0,
      clockNs: 0,
      dispatchNs,
      dequeueNs,
      ipiSendNs: 0,
      ipiFlightNs: 0,
      ipiHandlerNs: 0,
      haltExitNs: 0,
    },
    background: recording.processors.map(() => thread),
  };
}

function rankOf(name: string): number {
  const rank = VECTORS.indexOf(name.replace(/^softirq\//, ''));
  return rank < 0 ? VECTORS.length : rank;
}

/** Runs when it was entered, on the processor that it ran on. */
function handlerSource(stream: RecordedStream, draws: FitDraws): DeviceSource {
  const after = draws.afterHandler.get(stream)!;
  const before = draws.beforeHandler.get(stream)!;
  const beginNs = (index: number): number => entryNs({ stream, index }) - before[index];
  const order = timeOrder(stream, beginNs);
  const { target, processor, isrNs, serviceNs } = stream;
  return source(stream.name, DEVICE_IRQL, null, {
    origin: stream.name,
    atNs: Float64Array.from(order, beginNs),
    processor: Uint16Array.from(order, (index) => target ?? processor[index]),
    isrNs: Uint32Array.from(
      order,
      (index) => before[index] + isrNs[index] + serviceNs[index] + after[index],
    ),
    serviceNs: new Uint32Array(order.length),
  });
}

/** From the first raise of a batch until its entry begins. */
function sectionSource({ sections }: FitDraws): DeviceSource | null {
  if (sections.length === 0) return null;
  const rows = sections
    .map(
      ({
        batch: {
          places: [{ stream, index }],
        },
        busyNs,
      }) => ({ atNs: stream.atNs[index], processor: stream.processor[index], busyNs }),
    )
    .sort((a, b) => a.atNs - b.atNs || a.processor - b.processor);
  const name = 'from raise to entry';
  return source(name, SECTION_IRQL, null, {
    origin: name,
    atNs: Float64Array.from(rows, ({ atNs }) => atNs),
    processor: Uint16Array.from(rows, ({ processor }) => processor),
    isrNs: Uint32Array.from(rows, ({ busyNs }) => busyNs),
    serviceNs: new Uint32Array(rows.length),
  });
}

/**
 * The raises of a vector, or what is known to be entered at some instant: what no raise was seen
 * of, which has no latency to predict, and what is late, whose latency is drawn.
 */
function softirqSource(
  stream: RecordedStream,
  draws: FitDraws,
  isPredicted: boolean,
): DeviceSource | null {
  const lateNs = draws.lateNs.get(stream)!;
  const atNs = (index: number): number => stream.atNs[index] + lateNs[index];
  const order = timeOrder(stream, atNs).filter(
    (index) => (isRaiseKnown({ stream, index }) && lateNs[index] === 0) === isPredicted,
  );
  if (order.length === 0) return null;
  const name = isPredicted ? stream.name : `${stream.name} as entered`;
  const none = constant(0);
  const dpc: DeviceSource['dpc'] = {
    importance: 'medium',
    target: 'current',
    objects: 'per-processor',
    service: none,
    perItem: none,
    budget: 0,
  };
  return source(name, REQUEST_IRQL, dpc, {
    origin: name,
    atNs: Float64Array.from(order, atNs),
    processor: Uint16Array.from(order, (index) => stream.processor[index]),
    isrNs: new Uint32Array(order.length),
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
    kind: 'device',
    name,
    irql,
    processors: [0],
    isr: constant(0),
    fifo: FIFO,
    arrivals: { kind: 'recording', recording },
    dpc,
  };
}
