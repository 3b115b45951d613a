import { InputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { formatCount, formatCountOf } from '../units.js';
import { readDecimal } from './csv-cells.js';
import type { DpcIsrReport, DurationBucket, ModuleTimes } from './dpcisr-report.js';

/** What stands for the drivers, which the report does not tell apart by processor. */
const ALL_DRIVERS = 'all drivers';
const HINT = 'give the whole text of LatencyMon: Edit, Copy report text to clipboard';
const US_PER_SECOND = 1e6;
/** A share of a microsecond that tells two edges apart. */
const EDGE_US = 0.001;
/** Total times are told in so many microseconds. */
const STEP_US = 1;

const SPAN = /LatencyMon has been analyzing your system for\s+(\d+):(\d\d):(\d\d)/;
const PROCESSORS = /^\s*Logical processors:\s*(\d{1,6})\s*$/;
const VALUE =
  /^\s*CPU (\d{1,6}) (ISR|DPC) (count|(?:total|highest) execution time)\b[^:]*:\s*(\S+)\s*$/;
/** The unit is left out of account: its micro sign comes broken in many ways. */
const BUCKET = /^\s*(ISR|DPC) count \(execution time [^)]*\)\s*:\s*(\d{1,15})\s*$/;
const LATENCY = /^\s*(Highest|Average) measured interrupt to DPC latency[^:]*:\s*(\S+)\s*$/;

/** Tells the report by its beginning, or by any part of it. */
export function looksLikeLatencyMon(text: string): boolean {
  return (
    /^.?LatencyMon has been analyzing your system for\b/m.test(text) ||
    /^\s*CPU \d+ (?:ISR|DPC) (?:count|total execution time)\b/m.test(text)
  );
}

type Kind = 'isr' | 'dpc';
/** What is said of a processor's ISRs or DPCs; NaN where the line is missing. */
interface Totals {
  count: number;
  totalUs: number;
  highestUs: number;
}
type ByProcessor = Record<Kind, Map<number, Totals>>;

/**
 * Reads the text of LatencyMon by the names of its lines. A processor's ISRs, and its DPCs, are a
 * module: their number, their time and their longest are known.
 *
 * Throws InputError, with the line, for a text without counts by processor or one that contradicts
 * itself.
 */
export function readLatencyMon(lines: readonly string[], file: string): DpcIsrReport {
  const refusal = (line: number | null, message: string): InputError =>
    new InputError([{ file, line, column: null, path: '', message, hint: HINT }]);
  const byProcessor: ByProcessor = { isr: new Map(), dpc: new Map() };
  const said: Record<Kind, number> = { isr: 0, dpc: 0 };
  const measured: string[] = [];
  let spanUs = 0;
  let processors = 0;
  lines.forEach((text, index) => {
    const span = SPAN.exec(text);
    if (span !== null) {
      const [hours, minutes, seconds] = span.slice(1).map(Number);
      spanUs = US_PER_SECOND * (3600 * hours + 60 * minutes + seconds);
    }
    const machine = PROCESSORS.exec(text);
    if (machine !== null) processors = Math.max(processors, Number(machine[1]));
    const bucket = BUCKET.exec(text);
    if (bucket !== null) said[kindOf(bucket[1])] += Number(bucket[2]);
    const latency = LATENCY.exec(text);
    if (latency !== null) measured.push(`${latency[1].toLowerCase()} ${latency[2]} us`);
    const value = VALUE.exec(text);
    if (value === null) return;
    const [, cpu, kind, name, written] = value;
    const number = numberOf(name === 'count' ? ungrouped(written) : written);
    if (number === null) throw refusal(index + 1, `${written} is not a number from 0 up`);
    processors = Math.max(processors, Number(cpu) + 1);
    const all = byProcessor[kindOf(kind)];
    const totals = all.get(Number(cpu)) ?? { count: NaN, totalUs: NaN, highestUs: NaN };
    all.set(Number(cpu), totals);
    if (name === 'count') totals.count = number;
    else if (name === 'total execution time') totals.totalUs = number * US_PER_SECOND;
    else totals.highestUs = number;
  });
  if (spanUs === 0) throw refusal(null, 'no line says for how long LatencyMon analyzed the system');
  if (byProcessor.dpc.size === 0 && byProcessor.isr.size === 0) {
    throw refusal(null, 'no line such as "CPU 0 DPC count: 1234" tells counts by processor');
  }
  if (processors > LIMITS.processors || spanUs * 1000 > LIMITS.spanNs) {
    throw refusal(null, `${processors} processors or ${spanUs} us are over what a scenario has`);
  }
  const doubts = cutsOf(byProcessor, processors, lines);
  const modules = (kind: Kind): ModuleTimes[] =>
    [...byProcessor[kind]].map(([cpu, totals]) =>
      moduleOf(cpu, totals, processors, spanUs, refusal),
    );
  for (const kind of ['dpc', 'isr'] as const) {
    const counted = [...byProcessor[kind].values()].reduce((sum, { count }) => sum + count, 0);
    if (counted === said[kind]) continue;
    doubts.push(
      `the processors have ${formatCount(counted)} ${kind.toUpperCase()}s together, and the ` +
        `distribution has ${formatCount(said[kind])}; the processors are believed`,
    );
  }
  const dpc = modules('dpc');
  const isr = modules('isr');
  if ([...dpc, ...isr].every(({ buckets }) => buckets.length === 0)) {
    throw refusal(null, 'no processor ran a DPC or an ISR that took any time');
  }
  return { from: 'latencymon', spanUs, processors, dpc, isr, doubts, measured };
}

/** Leaves out processors of which the text lacks a count or a time, and says where it seems cut. */
function cutsOf(byProcessor: ByProcessor, processors: number, lines: readonly string[]): string[] {
  const doubts: string[] = [];
  for (const kind of ['isr', 'dpc'] as const) {
    const name = kind.toUpperCase();
    for (const [cpu, { count, totalUs, highestUs }] of byProcessor[kind]) {
      if (Number.isNaN(count) || Number.isNaN(totalUs)) {
        byProcessor[kind].delete(cpu);
        const missing = Number.isNaN(count) ? 'count' : 'total execution time';
        doubts.push(
          `the text ends early or has a gap: CPU ${cpu} has no line "${name} ${missing}"; its ` +
            `${name}s are left out`,
        );
      } else if (totalUs > count * highestUs + STEP_US) {
        doubts.push(
          `CPU ${cpu} has ${formatCount(count)} ${name}s of at most ${highestUs} us, which ` +
            `cannot take ${totalUs} us: the text is cut off within a number, or contradicts itself`,
        );
      }
    }
  }
  const told = new Set([...byProcessor.isr.keys(), ...byProcessor.dpc.keys()]);
  if (told.size < processors) {
    doubts.push(
      `the text ends early or has a gap: of ${formatCountOf(processors, 'processor')} ` +
        `${formatCount(told.size)} have counts; the others count as idle`,
    );
  }
  const last = VALUE.exec(lines.findLast((line) => line.trim() !== '') ?? '');
  if (last !== null) {
    doubts.push(`the text ends within the lines of CPU ${last[1]}: its last number may be cut off`);
  }
  return doubts;
}

function kindOf(written: string): Kind {
  return written === 'DPC' ? 'dpc' : 'isr';
}

/** A count may have marks between its thousands. */
function ungrouped(written: string): string {
  return /^\d{1,3}(?:[.,'’]\d{3})+$/.test(written) ? written.replace(/\D/g, '') : written;
}

function numberOf(written: string): number | null {
  const decimal = readDecimal(written, written.includes(',') ? ',' : '.');
  return decimal === null ? null : decimal.whole + decimal.billionths / 1e9;
}

function moduleOf(
  cpu: number,
  { count, totalUs, highestUs }: Totals,
  processors: number,
  spanUs: number,
  refusal: (line: number | null, message: string) => InputError,
): ModuleTimes {
  if (totalUs > spanUs) {
    throw refusal(null, `CPU ${cpu} has ${totalUs} us of routines, and the report spans ${spanUs}`);
  }
  const usec = new Array<number>(processors).fill(0);
  usec[cpu] = totalUs;
  return { name: ALL_DRIVERS, usec, buckets: bucketsOf(count, totalUs, highestUs), line: 1 };
}

/** The longest once, all others evenly from 0 to twice their mean. */
function bucketsOf(count: number, totalUs: number, highestUs: number): DurationBucket[] {
  if (!(count > 0 && totalUs > 0)) return [];
  const rest = count - 1;
  const meanUs = rest === 0 ? 0 : Math.max(0, totalUs - highestUs) / rest;
  const isApart = 2 * meanUs + EDGE_US < highestUs - EDGE_US;
  if (!isApart) return [{ fromUs: 0, toUs: (2 * totalUs) / count, count }];
  const longest = { fromUs: highestUs - EDGE_US, toUs: highestUs + EDGE_US, count: 1 };
  return rest === 0
    ? [longest]
    : [{ fromUs: 0, toUs: Math.max(EDGE_US, 2 * meanUs), count: rest }, longest];
}
