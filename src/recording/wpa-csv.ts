import { InputError } from '../errors.js';
import { csvCells, decimalMark, readDecimal } from './csv-cells.js';
import { MAX_RECORDED_PROCESSORS, MAX_RECORDED_SPAN_NS } from './recording.js';
import { RoutineSpans, type RoutineKind, type StampedEnd } from './routine-spans.js';
import { countName } from './event-names.js';
import { routineName, rowsThat, type SpanReader } from './span-reader.js';
import { LINE, type LineKind } from './trace-event.js';

/** What columns are for, by the names that Windows Performance Analyzer gives them. */
const COLUMN_NAMES = {
  enter: ['dpc/isr enter time', 'enter time', 'dpc enter time', 'isr enter time', 'start time'],
  exit: ['dpc/isr exit time', 'exit time', 'dpc exit time', 'isr exit time', 'end time'],
  fragmentEnter: ['fragment enter time'],
  fragmentExit: ['fragment exit time'],
  fragmented: ['duration (fragmented)'],
  exclusive: ['exclusive duration'],
  inclusive: ['inclusive duration', 'duration'],
  type: ['type', 'dpc/isr', 'dpc/isr type'],
  cpu: ['cpu', 'processor', 'cpu id'],
  module: ['module', 'image', 'module name'],
  routine: ['function', 'routine', 'address'],
} as const;
type Column = keyof typeof COLUMN_NAMES;
const NAMED_BY_WPA = /\bDPC\/ISR (?:Enter|Exit) Time\b/i;
const DELIMITERS = [',', ';', '\t'] as const;
const UNIT_NS = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 } as const;

interface Layout {
  delimiter: string;
  places: Partial<Record<Column, { at: number; unitNs: number | null }>>;
}

/** The layout of the table whose head this line is; null for a line that is none. */
function layoutOf(line: string): Layout | null {
  for (const delimiter of DELIMITERS) {
    const places: Layout['places'] = {};
    csvCells(line, delimiter).forEach((cell, at) => {
      const { name, unitNs } = headOf(cell);
      for (const [column, names] of Object.entries<readonly string[]>(COLUMN_NAMES)) {
        if (names.includes(name)) places[column as Column] ??= { at, unitNs };
      }
    });
    const tellsTime =
      places.enter !== undefined ||
      places.fragmentEnter !== undefined ||
      (places.exit !== undefined && places.type !== undefined);
    // Without a column of processors it is still this table, and is refused for the lack.
    if (tellsTime && (places.cpu !== undefined || NAMED_BY_WPA.test(line))) {
      return { delimiter, places };
    }
  }
  return null;
}

/** `DPC/ISR Enter Time (s)` as name and unit; a broken micro sign is one all the same. */
function headOf(cell: string): { name: string; unitNs: number | null } {
  const match = /^(.*?)\s*[([]([^()[\]]{1,4})[)\]]$/.exec(cell.replace(/\s+/g, ' ').trim());
  const written = match?.[2].toLowerCase() ?? '';
  const unit = written in UNIT_NS ? written : /^[^\w]{1,3}s$/.test(written) ? 'us' : null;
  if (match === null || unit === null) return { name: cell.trim().toLowerCase(), unitNs: null };
  return { name: match[1].toLowerCase(), unitNs: UNIT_NS[unit as keyof typeof UNIT_NS] };
}

/** The line, from 0, that is the head of a table of DPCs and ISRs, or -1. */
export function findWpaHead(lines: readonly string[]): number {
  return lines.findIndex((line) => layoutOf(line) !== null);
}

const TIME_COLUMNS: readonly Column[] = [
  'enter',
  'exit',
  'fragmentEnter',
  'fragmentExit',
  'fragmented',
  'exclusive',
  'inclusive',
];

/** The mark before decimals in a table's first lines; a point where they do not tell. */
export function decimalMarkOf(lines: readonly string[]): '.' | ',' {
  const head = findWpaHead(lines);
  const layout = head < 0 ? null : layoutOf(lines[head]);
  if (layout === null) return '.';
  const { delimiter, places } = layout;
  const numbers = lines.slice(head + 1).flatMap((line) => {
    const cells = csvCells(line, delimiter);
    return TIME_COLUMNS.flatMap((column) => cells[places[column]?.at ?? -1] ?? []);
  });
  return decimalMark(numbers) ?? '.';
}

/** A routine of which further fragments may come. */
interface Fragments {
  kind: RoutineKind;
  processor: number;
  enterNs: number;
  exitNs: number;
  exclusiveNs: number;
  name: number;
}

/**
 * Reads the DPC/ISR table that Windows Performance Analyzer or wpaexporter saved as CSV, by the
 * names and units of its columns. Rows that are fragments of one routine become one.
 */
export class WpaReader implements SpanReader {
  readonly spans = new RoutineSpans();
  readonly stampedEnd: StampedEnd = 'entry';
  stepNs = 1e9;
  readonly skipped = new Map<string, number>();
  readonly lostEvents = 0;
  private layout: Layout | null = null;
  private withoutDuration = 0;
  private groups = 0;
  private fragments = 0;
  private guessedUnits = false;
  private readonly last = new Map<string, Fragments>();

  constructor(
    readonly mark: '.' | ',',
    readonly file: string,
  ) {}

  take(line: string, tooLong: boolean): LineKind {
    if (line.trim() === '') return LINE.comment;
    if (this.layout === null) {
      this.layout = layoutOf(line);
      if (this.layout !== null) this.checkLayout(this.layout);
      return LINE.comment;
    }
    if (tooLong) return LINE.malformed;
    const cells = csvCells(line, this.layout.delimiter);
    const text = (column: Column): string => cells[this.layout!.places[column]?.at ?? -1] ?? '';
    const kind = kindOf(text('type'));
    const processor = /^(?:cpu )?(\d{1,5})$/i.exec(text('cpu'));
    if (processor === null || kind === null) return this.other(text('type'), text('cpu'));
    if (Number(processor[1]) >= MAX_RECORDED_PROCESSORS) return LINE.malformed;
    return this.takeRow(kind, Number(processor[1]), text);
  }

  /** Sums of groups that the table was folded to have no processor, and other rows another type. */
  private other(type: string, cpu: string): LineKind {
    if (cpu === '' || type === '') this.groups += 1;
    countName(this.skipped, type === '' || cpu === '' ? 'a group of rows' : type.slice(0, 40));
    return LINE.event;
  }

  private takeRow(
    kind: RoutineKind,
    processor: number,
    text: (column: Column) => string,
  ): LineKind {
    const ns = (column: Column): number => this.timeNs(column, text(column));
    const exitNs = ns('exit');
    let enterNs = ns('enter');
    const durationNs = firstNumber(ns('inclusive'), exitNs - enterNs);
    if (Number.isNaN(enterNs)) enterNs = firstNumber(exitNs - ns('inclusive'), ns('fragmentEnter'));
    if (!(enterNs >= 0 && enterNs <= MAX_RECORDED_SPAN_NS)) return LINE.malformed;
    const ownNs = firstNumber(ns('fragmented'), ns('fragmentExit') - ns('fragmentEnter'));
    // The exclusive duration is that of all fragments, and stands in the row of each.
    const fragmentNs = firstNumber(ownNs, ns('exclusive'));
    if (Number.isNaN(durationNs) && Number.isNaN(fragmentNs)) {
      this.withoutDuration += 1;
      countName(this.skipped, `${TYPE_NAMES[kind]} without a duration`);
      return LINE.event;
    }
    if (durationNs < 0 || durationNs > MAX_RECORDED_SPAN_NS) return LINE.malformed;
    const name = this.spans.nameIndex(routineName(text('module'), text('routine')));
    const key = `${kind} ${processor}`;
    const before = this.last.get(key);
    if (before !== undefined && before.enterNs === enterNs && before.name === name) {
      this.fragments += 1;
      if (!Number.isNaN(ownNs)) before.exclusiveNs += ownNs;
      return LINE.event;
    }
    if (before !== undefined) this.close(before);
    const endNs = Number.isNaN(durationNs) ? NaN : enterNs + durationNs;
    this.last.set(key, {
      kind,
      processor,
      enterNs,
      exitNs: endNs,
      exclusiveNs: fragmentNs,
      name,
    });
    return LINE.event;
  }

  private close({ kind, processor, enterNs, exitNs, exclusiveNs, name }: Fragments): void {
    const isExclusive = Number.isNaN(exitNs);
    const durationNs = isExclusive ? exclusiveNs : exitNs - enterNs;
    this.spans.add({ kind, processor, stampNs: enterNs, durationNs, name, isExclusive });
  }

  /** No further rows come. */
  end(): void {
    for (const fragments of this.last.values()) this.close(fragments);
  }

  private timeNs(column: Column, written: string): number {
    const decimal = readDecimal(written, this.mark);
    if (decimal === null) return NaN;
    const unitNs = this.layout!.places[column]!.unitNs ?? usualUnit(column);
    this.stepNs = Math.max(1, Math.min(this.stepNs, unitNs / 10 ** decimal.decimals));
    return decimal.whole * unitNs + Math.round((decimal.billionths * unitNs) / 1e9);
  }

  private checkLayout({ places }: Layout): void {
    const missing = (['type', 'cpu'] as const).filter((column) => places[column] === undefined);
    if (missing.length > 0) {
      throw this.refusal(`the table has no column ${missing.map(nameOf).join(', ')}`);
    }
    const tells = ['exit', 'inclusive', 'exclusive', 'fragmented', 'fragmentExit'] as const;
    if (tells.every((column) => places[column] === undefined)) {
      throw this.refusal('the table has no column with durations or exit times');
    }
    this.guessedUnits = TIME_COLUMNS.some((column) => places[column]?.unitNs === null);
  }

  private refusal(message: string): InputError {
    const place = { file: this.file, line: null, column: null, path: '' };
    const hint =
      'export the table DPC/ISR with the columns Type, CPU, DPC/ISR Enter Time, ' +
      'DPC/ISR Exit Time, Module and Function';
    return new InputError([{ ...place, message, hint }]);
  }

  notes(): string[] {
    const { withoutDuration, groups, fragments, guessedUnits } = this;
    return [
      ...(withoutDuration === 0
        ? []
        : [`${rowsThat(withoutDuration, 'has', 'have')} no duration and no exit: left out`]),
      ...(groups === 0
        ? []
        : [`${rowsThat(groups, 'is a sum', 'are sums')} of other rows, or ends of the table`]),
      ...(fragments === 0
        ? []
        : [
            `${rowsThat(fragments, 'is a further fragment', 'are further fragments')} of a routine`,
          ]),
      ...(guessedUnits ? ['a time without a unit is taken for s, a duration for ms'] : []),
    ];
  }
}

const TYPE_NAMES: Record<RoutineKind, string> = { dpc: 'DPC', isr: 'Interrupt' };

function kindOf(type: string): RoutineKind | null {
  if (/\bdpc\b/i.test(type)) return 'dpc';
  return /\b(?:interrupt|isr)\b/i.test(type) ? 'isr' : null;
}

function usualUnit(column: Column): number {
  return /enter|exit/i.test(column) ? UNIT_NS.s : UNIT_NS.ms;
}

function nameOf(column: 'type' | 'cpu'): string {
  return column === 'cpu' ? 'CPU' : 'Type';
}

function firstNumber(...values: readonly number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? NaN;
}
