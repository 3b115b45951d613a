import type { Importance, Policy } from '../policy/policy.js';
import type {
  Background,
  DeviceSource,
  Distribution,
  DpcRoutine,
  Machine,
  Scenario,
} from '../scenario/scenario.js';
import type {
  PeriodCounts,
  RecordedProcessor,
  RecordedStream,
  Recording,
  StreamKind,
} from './recording.js';
import { inputError } from '../errors.js';
import { meanNs } from '../scenario/distribution-mean.js';
import { LIMITS } from '../scenario/limits.js';
import { machine as machineShape } from '../scenario/machine.js';
import { IMPORTANCES } from '../policy/policy.js';
import { DEFAULT_BASE_NAME } from '../policy/presets.js';
import { resolveScenario } from '../scenario/parse.js';
import type { Setting } from '../scenario/setting.js';
import { Scope, Spot } from '../scenario/shape.js';
import { formatCount, quote } from '../units.js';
import { periodEdgeNs } from './period-histogram.js';
import { findStream, isWindowsFormat, recordedArrivals } from './recording.js';

/** What a recording does not tell of the machine that replays it. */
export interface ReplayOptions {
  /** By stream name. Left out: Medium for a softirq, which knows none, MediumHigh for an ipi. */
  importances?: Readonly<Record<string, Importance>>;
  /** Left out: none, for the caller to fill in. */
  policies?: Policy[];
  /** Changes of the machine, and of what the DPCs are. */
  settings?: readonly Setting[];
}

/**
 * A softirq's or an ipi's interrupt stands for the raise or the request alone. It costs nothing
 * and interrupts nothing for any time, so the lowest device IRQL does: device interrupts keep
 * precedence at the same instant.
 */
export const REQUEST_IRQL = 3;
export const DEVICE_IRQL = 5;
/**
 * Who sends an IPI wants the work done at once on the other processor: what KeSetImportanceDpc has
 * MediumHigh for. Rule sets from before Vista treat it as Medium.
 */
const DEFAULT_IMPORTANCE = { softirq: 'medium', ipi: 'mediumHigh' } as const;
/** Items that wait at most; the default of a scenario's source. */
export const FIFO = 1024;
/** A recorded tick outside of these is no clock's: 10 µs, and 1 s. */
const TICK_LOW_NS = 10_000;
const TICK_HIGH_NS = 1_000_000_000;
/** How long a thread runs on a processor that was never seen idle, before the next one does. */
export const ENDLESS_THREAD_NS = 1_000_000_000;

/**
 * The scenario that replays a whole recording: a machine with the recorded processors, one source
 * for each stream, and threads as busy as the recorded ones, until the recording ends.
 *
 * A softirq stream becomes a source whose DPC runs for the recorded service time; its ISR takes 0,
 * since a raise is no interrupt and the device's own ISR time stands in the device's stream. An ipi
 * stream becomes a source whose DPC is queued to the processor that was asked, one object whoever
 * asks, and runs for the handler's time; whether that takes an IPI is for the policy to say. A
 * device stream becomes a source without DPC that runs its recorded ISR times; they were measured
 * from entry to exit, hence `costs.interruptNs` 0. A vector stream is left out: the machine has a
 * clock of its own. Whatever a recording does not tell has the
 * default of a written scenario. See docs/recordings.md.
 *
 * Throws InputError if `options.importances` names a stream that is not there, or a device's.
 */
export function replayScenario(
  recording: Recording,
  name: string,
  options: ReplayOptions = {},
): Scenario {
  const importances = checkImportances(recording, options.importances ?? {});
  const scenario = {
    name,
    question: `How would each policy have delivered what was recorded: ${amounts(recording)}?`,
    machine: replayMachine(recording),
    sources: recording.streams
      .filter((stream) => stream.kind !== 'vector')
      .map((stream) => replaySource(recording, stream, importances.get(stream.name))),
    policies: options.policies ?? [],
    until: { timeNs: Math.max(1, recording.meta.spanNs), interrupts: null },
  };
  const { settings = [] } = options;
  return settings.length === 0 ? scenario : withSettings(recording, scenario, settings);
}

/**
 * The scenario written out, so that settings can be put in and are checked as in a file. Threads
 * are as recorded unless a setting is about them.
 */
function withSettings(
  recording: Recording,
  scenario: Scenario,
  settings: readonly Setting[],
): Scenario {
  const written = {
    name: scenario.name,
    question: scenario.question,
    machine: writtenMachine(recording),
    sources: scenario.sources.map((source) => {
      const { name, irql, dpc } = source as DeviceSource;
      const arrivals = { recording: scenario.name, stream: name };
      return { name, irql, arrivals, ...(dpc === null ? {} : { dpc: writtenDpc(dpc) }) };
    }),
    policies: [DEFAULT_BASE_NAME],
    until: { time: scenario.until.timeNs },
  };
  const policySetting = settings.find(({ path }) => path.startsWith('policies'));
  if (policySetting !== undefined) {
    throw inputError(
      `${policySetting.origin}: a recording has no policies of its own`,
      'name some with --policy',
    );
  }
  const changed = resolveScenario(written, {
    settings,
    resolveRecording: (_, stream) => recordedArrivals(recording, stream),
  });
  const isThreads = settings.some(({ path }) => path.startsWith('machine.background'));
  const { background, costs } = scenario.machine;
  const machine = { ...changed.machine, costs: { ...costs, ...changed.machine.costs } };
  return {
    ...changed,
    machine: isThreads ? machine : { ...machine, background },
    policies: scenario.policies,
  };
}

function writtenDpc({ importance, target, objects }: DpcRoutine): object {
  return { importance, target, objects };
}

function checkImportances(
  recording: Recording,
  importances: Readonly<Record<string, Importance>>,
): Map<string, Importance> {
  const checked = new Map(Object.entries(importances));
  for (const [streamName, importance] of checked) {
    const { kind } = findStream(recording, streamName);
    if (kind === 'irq' || kind === 'vector') {
      throw inputError(
        `${quote(streamName)} is ${kind === 'irq' ? 'a device' : 'an'} interrupt and queues no ` +
          'DPC of its own',
        'give an importance to softirq and ipi streams',
      );
    }
    if (!IMPORTANCES.includes(importance)) {
      throw inputError(
        `${quote(String(importance))} is not an importance`,
        `use one of ${IMPORTANCES.join(', ')}`,
      );
    }
  }
  return checked;
}

function replaySource(
  recording: Recording,
  stream: RecordedStream,
  importance: Importance | undefined,
): DeviceSource {
  return {
    kind: 'device',
    name: stream.name,
    irql: stream.kind === 'irq' ? DEVICE_IRQL : REQUEST_IRQL,
    processors: [0],
    isr: constant(0),
    fifo: FIFO,
    arrivals: { kind: 'recording', recording: recordedArrivals(recording, stream.name) },
    dpc: replayDpc(stream, importance),
  };
}

/** Services are 0: the recorded arrivals bring their own. */
function replayDpc(
  { kind, target }: RecordedStream,
  importance: Importance | undefined,
): DpcRoutine | null {
  if (kind === 'irq' || kind === 'vector') return null;
  return {
    importance: importance ?? DEFAULT_IMPORTANCE[kind],
    target: target ?? 'current',
    // A request that merges with one under way merges with it whoever sent that one.
    objects: target === null ? 'per-processor' : 'one',
    service: constant(0),
    perItem: constant(0),
    budget: 0,
  };
}

/** How much of each kind there is: `36,760 softirqs, 1 device interrupt, 12 IPI requests`. */
function amounts({ meta, streams }: Recording): string {
  const amount = (kind: StreamKind, what: string): string => {
    const own = streams.filter((stream) => stream.kind === kind);
    const count = own.reduce((sum, { atNs }) => sum + atNs.length, 0);
    return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
  };
  if (isWindowsFormat(meta.format)) {
    return `${amount('softirq', 'DPC')}, ${amount('irq', 'device interrupt')}`;
  }
  return [
    amount('softirq', 'softirq'),
    amount('irq', 'device interrupt'),
    amount('ipi', 'IPI request'),
  ].join(', ');
}

/** The machine of a written scenario, with what the recording tells put in. */
export function replayMachine(recording: Recording): Machine {
  const written = writtenMachine(recording);
  const scope = new Scope(() => {
    throw new Error('a machine names no recording');
  });
  const machine = machineShape.read(written, new Spot(scope));
  if (machine === undefined) throw new Error('the defaults of a machine are not valid');
  return { ...machine, background: recording.processors.map(replayBackground) };
}

function writtenMachine(recording: Recording): object {
  const tick = recordedTick(recording.processors);
  return {
    processors: recording.meta.processors,
    costs: { interrupt: 0 },
    ...(tick === null ? {} : { tick }),
  };
}

/** The lower median of the processors' tick periods, or null if the recording shows no clock. */
function recordedTick(processors: readonly RecordedProcessor[]): number | null {
  const periods = processors
    .map((processor) => processor.tickPeriodNs)
    .filter((periodNs) => periodNs >= TICK_LOW_NS && periodNs <= TICK_HIGH_NS)
    .sort((a, b) => a - b);
  return periods.length === 0 ? null : periods[(periods.length - 1) >> 1];
}

/**
 * Threads that run and rest for as long as the recorded ones, drawn from the two histograms. A
 * period counts thread time alone, as `busy` does; a rest goes from the end of one to the start of
 * the next.
 */
function replayBackground(processor: RecordedProcessor): Background {
  const { busyPeriods, idlePeriods } = processor;
  const none = constant(0);
  const busy = periodDistribution(busyPeriods);
  const idle = periodDistribution(idlePeriods);
  if (busy === null) return { busy: none, idle: none, passive: none, dispatch: none };
  if (idle === null) {
    return { busy: constant(ENDLESS_THREAD_NS), idle: none, passive: none, dispatch: none };
  }
  return { busy, idle, passive: none, dispatch: none };
}

/**
 * The histogram as a distribution: empty buckets side by side become one, none is over the limit.
 * Null if there was no period, or none that takes time.
 */
function periodDistribution(periods: PeriodCounts): Distribution | null {
  const edgesNs = [periodEdgeNs(periods.firstIndex)];
  const weights: number[] = [];
  periods.counts.forEach((count, i) => {
    // A recording's buckets have edges below its longest span, but for the very last.
    const edgeNs = Math.min(periodEdgeNs(periods.firstIndex + i + 1), LIMITS.spanNs);
    if (count === 0 && weights.at(-1) === 0) {
      edgesNs[edgesNs.length - 1] = edgeNs;
    } else {
      edgesNs.push(edgeNs);
      weights.push(count);
    }
  });
  if (weights.length === 0) return null;
  const distribution: Distribution = { kind: 'histogram', edgesNs, weights };
  return meanNs(distribution) >= 1 ? distribution : null;
}

export function constant(ns: number): Distribution {
  return { kind: 'constant', ns };
}
