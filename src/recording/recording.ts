import type { RecordedArrivals } from '../scenario/scenario.js';
import { inputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { nearestWord } from '../nearest-word.js';
import { quote } from '../units.js';

/** Limits of every recording, imported or read back. Over one of them it is refused. */
export const MAX_RECORDED_PROCESSORS = LIMITS.processors;
/** Two for each processor that IPIs go to, and as many devices and vectors as any machine has. */
export const MAX_RECORDED_STREAMS = 512 + 2 * MAX_RECORDED_PROCESSORS;
export const MAX_RECORDED_ARRIVALS = 16_777_216;
/** Longest ISR or service time kept; longer ones are cut to it. */
export const MAX_RECORDED_WORK_NS = LIMITS.workNs;
/** Longest time from the first event to the last. */
export const MAX_RECORDED_SPAN_NS = LIMITS.spanNs;
/** Longest latency kept; longer ones are cut to it. */
export const MAX_RECORDED_LATENCY_NS = 0xffff_fffe;
/** In the `latencyNs` column: the recording does not tell. */
export const UNKNOWN_LATENCY = 0xffff_ffff;
/** Longest name of a stream, in characters, all of them printable ASCII. */
export const MAX_STREAM_NAME_LENGTH = 80;

/** A recording of a real machine's interrupts, all times in ns from its first event. */
export interface Recording {
  meta: RecordingMeta;
  /** By processor index; `meta.processors` entries. */
  processors: RecordedProcessor[];
  /** In the order of their names. Every stream holds at least one arrival. */
  streams: RecordedStream[];
}

export interface RecordingMeta {
  /** Name of the file that was imported, without its folder. */
  origin: string;
  format: TraceFormat;
  /** Processors of the recorded machine, as far as the recording shows them. */
  processors: number;
  /** From the first event to the last. */
  spanNs: number;
  /** Smallest step of the recorded time stamps: 1 for nine decimals, 1000 for six. */
  stampResolutionNs: number;
}

/** Texts of events, a line each. */
export const LINE_FORMATS = ['perf-script', 'ftrace', 'babeltrace'] as const;
/** What Windows' own tools make of a trace: routines that ran, without who queued them. */
const WINDOWS_FORMATS = ['xperf-dumper', 'wpa-csv', 'perfview-xml'] as const;
export const TRACE_FORMATS = [...LINE_FORMATS, ...WINDOWS_FORMATS, 'kutrace-json'] as const;
export type LineFormat = (typeof LINE_FORMATS)[number];
export type WindowsFormat = (typeof WINDOWS_FORMATS)[number];
export type TraceFormat = (typeof TRACE_FORMATS)[number];

export function isWindowsFormat(format: TraceFormat): format is WindowsFormat {
  return WINDOWS_FORMATS.some((known) => known === format);
}

/**
 * What one recorded processor did. The six times add up to the span: hard interrupts nested in a
 * softirq count as interrupts, and what is neither interrupt nor softirq is a thread or the idle
 * loop.
 */
export interface RecordedProcessor {
  irqNs: number;
  softirqNs: number;
  clockNs: number;
  /** Reschedule and function-call handlers, and every other vector that has no device. */
  ipiNs: number;
  threadNs: number;
  idleNs: number;
  clockTicks: number;
  /** Median time from one tick to the next; 0 with fewer than two ticks. */
  tickPeriodNs: number;
  ipisSent: number;
  ipisReceived: number;
  /** Median time from a request to the handler's entry here; 0 if none could be paired. */
  ipiFlightNs: number;
  /** Thread time between two stays in the idle loop, interrupts and softirqs taken out. */
  busyPeriods: PeriodCounts;
  /** Stays in the idle loop, from end to end. */
  idlePeriods: PeriodCounts;
}

/** How many periods fell into each bucket; the buckets are those of `period-histogram.ts`. */
export interface PeriodCounts {
  count: number;
  sumNs: number;
  firstIndex: number;
  counts: number[];
}

/**
 * `irq`: a device interrupt with its ISR time. `softirq`: deferred work with its service time.
 * `ipi`: work that one processor asks another to do at once, with its handler's time there.
 * `vector`: an interrupt that no device sent and no request that was seen, such as the clock's,
 * with its handler's time; it holds up what the others wait for.
 */
export const STREAM_KINDS = ['irq', 'softirq', 'ipi', 'vector'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/**
 * Arrivals of one vector, interrupt line, or handler and target of IPIs, as columns of equal
 * length, times not descending.
 */
export interface RecordedStream {
  /** `softirq/NET_RX`, `irq/virtio1-req.0`, `ipi/reschedule-to-1`, `vector/local_timer`. */
  name: string;
  kind: StreamKind;
  /** For `ipi` the processor that is asked; null for the rest, which is served where it arrives. */
  target: number | null;
  /** When it arrived: a softirq with its first raise, an ipi with its request. */
  atNs: Float64Array;
  /** Where it arrives; of an ipi the processor that asks. */
  processor: Uint16Array;
  /** 0 for a softirq and an ipi. */
  isrNs: Uint32Array;
  /** 0 for an irq and a vector. */
  serviceNs: Uint32Array;
  /** From raise or request to the entry of the routine, `UNKNOWN_LATENCY` where none was seen. */
  latencyNs: Uint32Array;
}

/** Arrivals of all streams together. */
export function countArrivals(recording: Recording): number {
  return recording.streams.reduce((sum, stream) => sum + stream.atNs.length, 0);
}

/**
 * One stream as the arrivals of a source; null stands for the only stream there is. The columns are
 * shared with the recording, not copied. Throws InputError, naming the streams that there are, if
 * the recording has none of that name, or several to choose from.
 */
export function recordedArrivals(
  recording: Recording,
  streamName: string | null,
): RecordedArrivals {
  const stream = findStream(recording, streamName);
  return {
    origin: `${recording.meta.origin}: ${stream.name}`,
    atNs: stream.atNs,
    processor: stream.processor,
    isrNs: stream.isrNs,
    serviceNs: stream.serviceNs,
  };
}

/** The stream of that name, null for the only one. Throws InputError as `recordedArrivals` does. */
export function findStream(recording: Recording, streamName: string | null): RecordedStream {
  const { streams, meta } = recording;
  const names = streams.map((stream) => stream.name);
  const listed = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
  if (streamName === null) {
    if (streams.length === 1) return streams[0];
    throw inputError(
      `the recording of ${meta.origin} has ${streams.length} streams: ${listed}`,
      'name one of them as stream',
    );
  }
  const found = streams.find((stream) => stream.name === streamName);
  if (found !== undefined) return found;
  const near = nearestWord(streamName, names);
  throw inputError(
    `the recording of ${meta.origin} has no stream ${quote(streamName)}; it has ${listed}`,
    near === null ? '' : `did you mean ${quote(near)}?`,
  );
}

/** Text out of a foreign file with everything but printable ASCII replaced by `?`. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
