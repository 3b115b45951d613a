import { readDecimal } from './csv-cells.js';
import { MAX_RECORDED_PROCESSORS, MAX_RECORDED_SPAN_NS } from './recording.js';
import { RoutineSpans, type RoutineKind, type StampedEnd } from './routine-spans.js';
import { countName } from './event-names.js';
import { rowsThat, type SpanReader } from './span-reader.js';
import { LINE, type LineKind } from './trace-event.js';

const NS_PER_MS = 1e6;
const ROUTINES = new Map<string, RoutineKind>([
  ['PerfInfo/DPC', 'dpc'],
  ['PerfInfo/ThreadedDPC', 'dpc'],
  ['PerfInfo/TimerDPC', 'dpc'],
  ['PerfInfo/ISR', 'isr'],
]);
const SWITCH = 'Thread/CSwitch';
/** A raw counter is no time before the stamp; no routine takes as long as this. */
const LONGEST_NS = 10e9;
type Attributes = (name: string) => string | null;

/** Tells the XML that PerfView makes of a trace's events by the first attributes of any of them. */
export function looksLikePerfView(text: string): boolean {
  return /<Event\s+(?:MSec\s*=\s*"|EventName\s*=\s*"[^"]*"\s+TimeMsec\s*=\s*")/.test(text);
}

/**
 * Reads the XML that PerfView saves of events, in either of two forms: an element a line, as the
 * window of events saves its view, or the dump of an event over several lines, within which the
 * event stands once more as an element of its own. The stamp of a DPC or an ISR is its exit, in ms;
 * its duration is `ElapsedTimeMSec`, or the time since `InitialTime`.
 */
export class PerfViewReader implements SpanReader {
  readonly spans = new RoutineSpans();
  readonly stampedEnd: StampedEnd = 'exit';
  stepNs = NS_PER_MS;
  readonly skipped = new Map<string, number>();
  readonly lostEvents = 0;
  private withoutDuration = 0;
  private withoutProcessor = 0;
  /** What is known of the dump that the lines belong to. */
  private dump: { event: Attributes; processor: number; isTold: boolean } | null = null;

  take(line: string, tooLong: boolean): LineKind {
    if (!/<Event\s/.test(line)) return this.takeWithin(line);
    const of = attributesOf(line);
    if (!/(?:\/>|<\/Event>)\s*$/.test(line)) {
      this.dump = { event: of, processor: processorOf(of), isTold: false };
      if (!tooLong) return LINE.comment;
    }
    if (this.dump !== null) this.dump.isTold = true;
    return tooLong ? LINE.malformed : this.takeEvent(of);
  }

  /** A line of a dump that is no element of its own. */
  private takeWithin(line: string): LineKind {
    const { dump } = this;
    if (dump === null) return LINE.comment;
    if (Number.isNaN(dump.processor)) dump.processor = processorOf(attributesOf(line));
    if (!line.includes('</Event>')) return LINE.comment;
    const kind = dump.isTold ? LINE.comment : this.takeEvent(dump.event);
    this.dump = null;
    return kind;
  }

  private takeEvent(of: Attributes): LineKind {
    // The window of events puts the provider before it.
    const name = (of('EventName') ?? '').split('/').slice(-2).join('/');
    const kind = ROUTINES.get(name);
    if (kind === undefined && name !== SWITCH) {
      if (name === '') return LINE.malformed;
      countName(this.skipped, name);
      return LINE.event;
    }
    const stamp = of('MSec') ?? of('TimeMsec');
    const stampNs = timeNs(stamp);
    this.stepNs = Math.max(1, Math.min(this.stepNs, NS_PER_MS / 10 ** decimalsOf(stamp)));
    const processor = firstNumber(processorOf(of), this.dump?.processor ?? NaN);
    if (!(stampNs <= MAX_RECORDED_SPAN_NS)) return LINE.malformed;
    if (Number.isNaN(processor)) {
      this.withoutProcessor += 1;
      countName(this.skipped, `${name} without a processor`);
      return LINE.event;
    }
    if (processor >= MAX_RECORDED_PROCESSORS) return LINE.malformed;
    if (kind === undefined) return this.takeSwitch(of, processor, stampNs);
    const durationNs = durationOf(of, stampNs);
    if (Number.isNaN(durationNs)) {
      this.withoutDuration += 1;
      countName(this.skipped, `${name} without a duration`);
      return LINE.event;
    }
    const routine = of('Routine') ?? of('RoutineName') ?? '';
    const index = this.spans.nameIndex(routine === '' ? 'unknown' : routine);
    this.spans.add({ kind, processor, stampNs, durationNs, name: index, isExclusive: false });
    return LINE.event;
  }

  private takeSwitch(of: Attributes, processor: number, atNs: number): LineKind {
    // The thread of the event is the one that begins to run.
    const thread = of('NewThreadID') ?? of('ThreadID') ?? of('TID');
    if (thread === null || !/^[\d.,\s\u00a0]+$/.test(thread)) return LINE.malformed;
    this.spans.addSwitch({ processor, atNs, isIdle: Number(thread.replace(/\D/g, '')) === 0 });
    return LINE.event;
  }

  notes(): string[] {
    const { withoutDuration, withoutProcessor } = this;
    return [
      ...(withoutDuration === 0
        ? []
        : [`${rowsThat(withoutDuration, 'has', 'have')} no duration: left out`]),
      ...(withoutProcessor === 0
        ? []
        : [
            `${rowsThat(withoutProcessor, 'has', 'have')} no processor: left out; File, Save ` +
              "View as XML in PerfView's window of events writes it",
          ]),
    ];
  }
}

function processorOf(of: Attributes): number {
  const written = of('ProcessorNumber') ?? of('CPU');
  return written !== null && /^\d{1,5}$/.test(written) ? Number(written) : NaN;
}

function durationOf(of: Attributes, stampNs: number): number {
  const elapsedNs = timeNs(of('ElapsedTimeMSec'));
  if (!Number.isNaN(elapsedNs)) return elapsedNs;
  const sinceNs = stampNs - timeNs(of('InitialTime'));
  return sinceNs >= 0 && sinceNs < LONGEST_NS ? sinceNs : NaN;
}

/** Milliseconds with either mark before decimals, or with an exponent, as 5E-05, in ns. */
function timeNs(written: string | null): number {
  if (written === null) return NaN;
  const text = written.trim();
  if (/^\d+(?:[.,]\d+)?E[-+]?\d{1,2}$/i.test(text)) {
    return Math.round(Number(text.replace(',', '.')) * NS_PER_MS);
  }
  const decimal = readDecimal(text, markOf(text));
  if (decimal === null) return NaN;
  return decimal.whole * NS_PER_MS + Math.round(decimal.billionths / 1000);
}

function decimalsOf(written: string | null): number {
  return written === null ? 0 : (readDecimal(written, markOf(written))?.decimals ?? 0);
}

/** All times have decimals: the last mark stands before them. */
function markOf(text: string): '.' | ',' {
  return /[.,](?=[^.,]*$)/.exec(text)?.[0] === ',' ? ',' : '.';
}

function firstNumber(first: number, second: number): number {
  return Number.isNaN(first) ? second : first;
}

function attributesOf(line: string): Attributes {
  const found = new Map<string, string>();
  for (const [, name, value] of line.matchAll(/([A-Za-z]+)\s*=\s*"([^"]*)"/g)) {
    found.set(name, unescapeXml(value.trim()));
  }
  return (name) => found.get(name) ?? null;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]);
}
