import type { StreamIdentity } from './arrival-columns.js';
import type { PeriodCounts, RecordedProcessor, RecordingMeta } from './recording.js';
import { PERIOD_BUCKETS } from './period-histogram.js';
import {
  MAX_RECORDED_ARRIVALS,
  MAX_RECORDED_PROCESSORS,
  MAX_RECORDED_SPAN_NS,
  MAX_RECORDED_STREAMS,
  MAX_STREAM_NAME_LENGTH,
  STREAM_KINDS,
  TRACE_FORMATS,
} from './recording.js';

/** Why a file is no recording: a sentence's second half. The reader makes an InputError of it. */
export class DamagedRecording extends Error {}

export interface StreamHeader extends StreamIdentity {
  count: number;
}

export interface RecordingHeader {
  meta: RecordingMeta;
  processors: RecordedProcessor[];
  streams: StreamHeader[];
}

/**
 * Checks a header that was parsed from JSON and copies out of it what belongs there, key by key.
 * Throws DamagedRecording for anything missing, of another type or over its limit.
 */
export function checkHeader(parsed: unknown): RecordingHeader {
  const header = record(parsed, 'the header');
  const meta = checkMeta(record(header.meta, 'meta'));
  const processors = list(header.processors, MAX_RECORDED_PROCESSORS, 'processors').map((each) =>
    checkProcessor(record(each, 'a processor')),
  );
  if (processors.length !== meta.processors) {
    throw new DamagedRecording('it describes another number of processors than it has');
  }
  const streams = list(header.streams, MAX_RECORDED_STREAMS, 'streams').map((each) =>
    checkStream(record(each, 'a stream'), meta.processors),
  );
  if (new Set(streams.map((stream) => stream.name)).size !== streams.length) {
    throw new DamagedRecording('two streams have the same name');
  }
  const arrivals = streams.reduce((sum, stream) => sum + stream.count, 0);
  if (arrivals > MAX_RECORDED_ARRIVALS) {
    throw new DamagedRecording(`it claims ${arrivals} arrivals, over ${MAX_RECORDED_ARRIVALS}`);
  }
  return { meta, processors, streams };
}

type Fields = Partial<Record<string, unknown>>;

function checkMeta(meta: Fields): RecordingMeta {
  return {
    origin: text(meta.origin, 200, 'origin'),
    format: oneOf(meta.format, TRACE_FORMATS, 'format'),
    processors: whole(meta.processors, 1, MAX_RECORDED_PROCESSORS, 'processors'),
    spanNs: whole(meta.spanNs, 0, MAX_RECORDED_SPAN_NS, 'spanNs'),
    stampResolutionNs: whole(meta.stampResolutionNs, 1, 1e9, 'stampResolutionNs'),
  };
}

function checkProcessor(fields: Fields): RecordedProcessor {
  const time = (name: keyof RecordedProcessor): number =>
    whole(fields[name], 0, MAX_RECORDED_SPAN_NS, name);
  const count = (name: keyof RecordedProcessor): number =>
    whole(fields[name], 0, Number.MAX_SAFE_INTEGER, name);
  return {
    irqNs: time('irqNs'),
    softirqNs: time('softirqNs'),
    clockNs: time('clockNs'),
    ipiNs: time('ipiNs'),
    threadNs: time('threadNs'),
    idleNs: time('idleNs'),
    clockTicks: count('clockTicks'),
    tickPeriodNs: time('tickPeriodNs'),
    ipisSent: count('ipisSent'),
    ipisReceived: count('ipisReceived'),
    ipiFlightNs: time('ipiFlightNs'),
    busyPeriods: checkPeriods(record(fields.busyPeriods, 'busyPeriods')),
    idlePeriods: checkPeriods(record(fields.idlePeriods, 'idlePeriods')),
  };
}

function checkPeriods(fields: Fields): PeriodCounts {
  const firstIndex = whole(fields.firstIndex, 0, PERIOD_BUCKETS - 1, 'firstIndex');
  const counts = list(fields.counts, PERIOD_BUCKETS - firstIndex, 'counts').map((each) =>
    whole(each, 0, Number.MAX_SAFE_INTEGER, 'counts'),
  );
  const count = whole(fields.count, 0, Number.MAX_SAFE_INTEGER, 'count');
  if (counts.reduce((sum, each) => sum + each, 0) !== count) {
    throw new DamagedRecording('the periods of a processor do not add up');
  }
  return {
    count,
    sumNs: whole(fields.sumNs, 0, Number.MAX_SAFE_INTEGER, 'sumNs'),
    firstIndex,
    counts,
  };
}

function checkStream(fields: Fields, processors: number): StreamHeader {
  const name = text(fields.name, MAX_STREAM_NAME_LENGTH, 'name');
  if (name === '' || name.includes('@')) {
    throw new DamagedRecording('a stream has no name, or one with an @');
  }
  const kind = oneOf(fields.kind, STREAM_KINDS, 'kind');
  if (kind !== 'ipi' && fields.target !== null) {
    throw new DamagedRecording('a stream that is no ipi has a target');
  }
  return {
    name,
    kind,
    target: kind === 'ipi' ? whole(fields.target, 0, processors - 1, 'target') : null,
    count: whole(fields.count, 1, MAX_RECORDED_ARRIVALS, 'count'),
  };
}

function record(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new DamagedRecording(`${what} is missing from its header`);
}

function list(value: unknown, maximum: number, what: string): unknown[] {
  if (Array.isArray(value) && value.length <= maximum) return value;
  throw new DamagedRecording(`${what} must be a list of at most ${maximum}`);
}

function whole(value: unknown, minimum: number, maximum: number, what: string): number {
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value);
  if (isWhole && value >= minimum && value <= maximum) return value;
  throw new DamagedRecording(`${what} must be a whole number from ${minimum} to ${maximum}`);
}

function text(value: unknown, maximum: number, what: string): string {
  if (typeof value === 'string' && value.length <= maximum && /^[\x20-\x7e]*$/.test(value)) {
    return value;
  }
  throw new DamagedRecording(`${what} must be a text of at most ${maximum} printable characters`);
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], what: string): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new DamagedRecording(`${what} must be one of ${allowed.join(', ')}`);
}
