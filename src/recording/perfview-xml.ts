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

/** Tells the XML that PerfView makes of a trace's events by any of them. */
export function looksLikePerfView(text: string): boolean {
  return /<Event\s+MSec\s*=\s*"/.test(text);
}

/**
 * Reads the XML that PerfView saves of events, one element a line. The stamp of a DPC or an ISR is
 * its exit, in ms; its duration is `ElapsedTimeMSec`, or the time since `InitialTime`.
 */
export class PerfViewReader implements SpanReader {
  readonly spans = new RoutineSpans();
  readonly stampedEnd: StampedEnd = 'exit';
  stepNs = NS_PER_MS;
  readonly skipped = new Map<string, number>();
  readonly lostEvents = 0;
  private withoutDuration = 0;

  take(line: string, tooLong: boolean): LineKind {
    if (!/<Event\s/.test(line)) return LINE.comment;
    const of = attributesOf(line);
    const name = of('EventName') ?? '';
    const kind = ROUTINES.get(name);
    const stampNs = this.timeNs(of('MSec'));
    const processor = Number(of('ProcessorNumber') ?? of('CPU') ?? NaN);
    const isPlaced = stampNs <= MAX_RECORDED_SPAN_NS && Number.isInteger(processor);
    if (kind === undefined && name !== SWITCH) {
      if (name === '') return LINE.malformed;
      countName(this.skipped, name);
      return LINE.event;
    }
    if (!isPlaced || processor < 0 || processor >= MAX_RECORDED_PROCESSORS || tooLong) {
      return LINE.malformed;
    }
    if (kind === undefined) return this.takeSwitch(of, processor, stampNs);
    const durationNs = this.durationNs(of, stampNs);
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

  private takeSwitch(
    of: (attribute: string) => string | null,
    processor: number,
    atNs: number,
  ): LineKind {
    const thread = of('NewThreadID') ?? of('TID');
    if (thread === null || !/^[\d.,]+$/.test(thread)) return LINE.malformed;
    this.spans.addSwitch({ processor, atNs, isIdle: Number(thread.replace(/[.,]/g, '')) === 0 });
    return LINE.event;
  }

  private durationNs(of: (attribute: string) => string | null, stampNs: number): number {
    const elapsedNs = this.timeNs(of('ElapsedTimeMSec'));
    if (!Number.isNaN(elapsedNs)) return elapsedNs;
    const sinceNs = stampNs - this.timeNs(of('InitialTime'));
    return sinceNs >= 0 && sinceNs < LONGEST_NS ? sinceNs : NaN;
  }

  /** Milliseconds with either mark before decimals; there are no groups of digits. */
  private timeNs(written: string | null): number {
    if (written === null) return NaN;
    const text = written.trim();
    const marks = text.match(/[.,]/g) ?? [];
    const mark = marks.length === 0 || marks.at(-1) === '.' ? '.' : ',';
    const decimal = readDecimal(text, mark);
    if (decimal === null) return NaN;
    this.stepNs = Math.max(1, Math.min(this.stepNs, NS_PER_MS / 10 ** decimal.decimals));
    return decimal.whole * NS_PER_MS + Math.round(decimal.billionths / 1000);
  }

  notes(): string[] {
    const { withoutDuration } = this;
    if (withoutDuration === 0) return [];
    return [`${rowsThat(withoutDuration, 'has', 'have')} no duration: left out`];
  }
}

function attributesOf(line: string): (name: string) => string | null {
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
