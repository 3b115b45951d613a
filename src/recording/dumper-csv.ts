import { csvCells, readDecimal } from './csv-cells.js';
import { MAX_RECORDED_PROCESSORS, MAX_RECORDED_SPAN_NS } from './recording.js';
import { RoutineSpans, type RoutineKind } from './routine-spans.js';
import { countName } from './event-names.js';
import { rowsThat, type SpanReader } from './span-reader.js';
import { LINE, type LineKind } from './trace-event.js';

const NS_PER_US = 1000;
const ROUTINES = new Map<string, RoutineKind>([
  ['dpc', 'dpc'],
  ['dpctmr', 'dpc'],
  ['timerdpc', 'dpc'],
  ['threadeddpc', 'dpc'],
  ['threaddpc', 'dpc'],
  ['tdpc', 'dpc'],
  ['interrupt', 'isr'],
]);
/** The columns where the file has no header of the event, after the event's name. */
const USUAL_COLUMNS: Record<RoutineKind, string> = {
  dpc: 'TimeStamp, ElapsedTime, CPU, ServiceAddr, Image!Function',
  isr:
    'TimeStamp, ElapsedTime, CPU, Vector, MessageIndex, Status, ServiceAddr, ' + 'Image!Function',
};
/** Rows of CSwitch that have as many cells have these columns, whatever their header names. */
const SWITCH_COLUMNS =
  'TimeStamp, New Process Name ( PID), New TID, NPri, NQnt, TmSinceLast, WaitTime, ' +
  'Old Process Name ( PID), Old TID, OPri, OQnt, OldState, Wait Reason, Swapable, InSwitchTime, ' +
  'CPU, IdealProc';
const MOST_HEADERS = 2000;

/** Tells the text by a header, or by rows that can be nothing else. */
export function looksLikeDumper(text: string): boolean {
  return (
    /^\s*"?(?:T?DPC|DPCTmr|Interrupt|CSwitch)"?\s*,\s*"?TimeStamp"?\s*,/m.test(text) ||
    /^\s*BeginHeader\s*$/m.test(text) ||
    /^\s*(?:T?DPC|DPCTmr|Interrupt)\s*,\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,/m.test(text)
  );
}

interface Columns {
  stamp: number;
  elapsed: number;
  cpu: number;
  address: number;
  image: number;
  newTid: number;
  count: number;
}

/**
 * Reads what `xperf -a dumper` prints: a header for each event type, then rows, stamps and
 * durations in whole microseconds. Of DPCs, ISRs and thread switches; other events are counted.
 */
export class DumperReader implements SpanReader {
  readonly spans = new RoutineSpans();
  readonly stampedEnd = null;
  stepNs = NS_PER_US;
  readonly skipped = new Map<string, number>();
  lostEvents = 0;
  private readonly headers = new Map<string, Columns>();
  private withoutDuration = 0;
  private zeroDurations = 0;
  private unclearSwitches = 0;

  take(line: string, tooLong: boolean): LineKind {
    const cells = csvCells(line, ',');
    const [name, second = ''] = cells;
    if (/^timestamp$/i.test(second)) {
      if (this.headers.size < MOST_HEADERS) {
        this.headers.set(name.toLowerCase(), columnsOf(cells));
      }
      return LINE.comment;
    }
    if (line.trim() === '' || /^(?:Begin|End)Header$/.test(line.trim())) return LINE.comment;
    if (/^(?:OS Version:|FirstReliable)/.test(line.trim())) {
      const lost = /Events Lost:\s*(\d{1,15})/.exec(line);
      if (lost !== null) this.lostEvents += Number(lost[1]);
      return LINE.comment;
    }
    if (!/^[^"<{]{1,160}$/.test(name) || !/^\d{1,15}(?:[.,]\d{1,9})?$/.test(second))
      return LINE.malformed;
    return this.takeEvent(line, cells, tooLong);
  }

  private takeEvent(line: string, cells: readonly string[], tooLong: boolean): LineKind {
    const [name] = cells;
    const key = name.toLowerCase();
    const kind = ROUTINES.get(key);
    if (kind !== undefined) {
      const known = this.headers.get(key) ?? usualColumns(kind);
      return tooLong ? LINE.malformed : this.takeRoutine(line, kind, cells, known);
    }
    if (key === 'cswitch') this.takeSwitch(name, cells);
    else countName(this.skipped, name);
    return LINE.event;
  }

  private takeRoutine(
    line: string,
    kind: RoutineKind,
    cells: readonly string[],
    columns: Columns,
  ): LineKind {
    const [name] = cells;
    const stampNs = this.timeNs(cells[columns.stamp]);
    const processor = wholeCell(cells[columns.cpu]);
    if (!(processor < MAX_RECORDED_PROCESSORS && stampNs <= MAX_RECORDED_SPAN_NS)) {
      return LINE.malformed;
    }
    const elapsedNs = this.timeNs(cells[columns.elapsed]);
    if (Number.isNaN(elapsedNs)) {
      this.withoutDuration += 1;
      countName(this.skipped, `${name} without a duration`);
      return LINE.event;
    }
    if (elapsedNs === 0) this.zeroDurations += 1;
    this.spans.add({
      kind,
      processor,
      stampNs,
      durationNs: elapsedNs,
      name: this.spans.nameIndex(imageOf(line, cells, columns)),
      isExclusive: false,
    });
    return LINE.event;
  }

  private takeSwitch(name: string, cells: readonly string[]): void {
    const header = this.headers.get('cswitch');
    // A few cells more than the header names are two of PMC events, at the end.
    const isNamed = header !== undefined && (cells.length <= header.count || !isFull(cells));
    const columns = isNamed ? header : SWITCHES;
    const processor = wholeCell(cells[columns.cpu]);
    const thread = wholeCell(cells[columns.newTid]);
    if (!(processor < MAX_RECORDED_PROCESSORS) || Number.isNaN(thread)) {
      this.unclearSwitches += 1;
      countName(this.skipped, `${name} without a processor`);
      return;
    }
    this.spans.addSwitch({
      processor,
      atNs: this.timeNs(cells[columns.stamp]),
      isIdle: thread === 0,
    });
  }

  /** Microseconds, whole as xperf writes them, or with decimals as a spreadsheet may have left. */
  private timeNs(cell: string | undefined): number {
    const wholeUs = wholeCell(cell);
    if (!Number.isNaN(wholeUs) || cell === undefined) return NS_PER_US * wholeUs;
    const decimal = readDecimal(cell, cell.includes(',') ? ',' : '.');
    if (decimal === null) return NaN;
    this.stepNs = Math.max(1, Math.min(this.stepNs, NS_PER_US / 10 ** decimal.decimals));
    return NS_PER_US * decimal.whole + Math.round(decimal.billionths / 1e6);
  }

  notes(): string[] {
    const { withoutDuration, zeroDurations, unclearSwitches } = this;
    return [
      ...(withoutDuration === 0
        ? []
        : [`${rowsThat(withoutDuration, 'has', 'have')} no duration and is left out`]),
      ...(zeroDurations === 0
        ? []
        : [
            `durations are whole microseconds: ${rowsThat(zeroDurations, 'has', 'have')} 0, ` +
              'which is kept',
          ]),
      ...(unclearSwitches === 0
        ? []
        : [`${rowsThat(unclearSwitches, 'of CSwitch is', 'of CSwitch are')} not understood`]),
    ];
  }
}

function wholeCell(cell: string | undefined): number {
  return cell !== undefined && /^\d{1,12}$/.test(cell) ? Number(cell) : NaN;
}

/** `ndis.sys!ndisInterruptDpc`; without one, the address of the routine. */
function imageOf(line: string, cells: readonly string[], { image, address }: Columns): string {
  // The last column: names of C++ have commas.
  const last = line.includes('"') ? cells.slice(image) : line.split(',').slice(image);
  const name = image < 0 ? '' : last.join(',').trim();
  if (name !== '' && !/^(?:unknown|n\/a)?!?(?:unknown|n\/a)?$/i.test(name)) return name;
  const at = address < 0 ? '' : (cells[address] ?? '');
  return at === '' ? 'unknown' : at;
}

function columnsOf(cells: readonly string[]): Columns {
  const find = (...names: readonly string[]): number =>
    cells.findIndex((cell, i) => i > 0 && names.includes(cell.toLowerCase().replace(/\s+/g, ' ')));
  return {
    stamp: find('timestamp'),
    elapsed: find('elapsedtime', 'elapsed time'),
    cpu: find('cpu'),
    address: find('serviceaddr'),
    image: find('image!function', 'image', 'routine'),
    newTid: find('new tid'),
    count: cells.filter((cell) => cell !== '').length,
  };
}

function isFull(cells: readonly string[]): boolean {
  return cells.length >= SWITCHES.count;
}

function usualColumns(kind: RoutineKind): Columns {
  return columnsOf(`event, ${USUAL_COLUMNS[kind]}`.split(',').map((cell) => cell.trim()));
}

const SWITCHES = columnsOf(`CSwitch, ${SWITCH_COLUMNS}`.split(',').map((cell) => cell.trim()));
