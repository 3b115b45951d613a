import { InputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { formatCount, formatCountOf, quote } from '../units.js';

/** How many of a module's routines took how long: over `fromUs`, up to `toUs` microseconds. */
export interface DurationBucket {
  fromUs: number;
  toUs: number;
  count: number;
  /** The last of a histogram may have no end: what stands for it is twice its beginning. */
  isOpen?: true;
}

/** What a report says of a module's ISRs, or of its DPCs. */
export interface ModuleTimes {
  name: string;
  /** Microseconds of the whole trace by processor. */
  usec: number[];
  /** Ascending; empty if the report has no histogram of the module. */
  buckets: DurationBucket[];
  /** Where it was found first. */
  line: number;
}

/** What `xperf -a dpcisr` or LatencyMon prints, as far as a load model is made of it. */
export interface DpcIsrReport {
  from: 'xperf' | 'latencymon';
  spanUs: number;
  processors: number;
  dpc: ModuleTimes[];
  isr: ModuleTimes[];
  /** What does not add up in it, in sentences. */
  doubts: string[];
  /** Latencies from interrupt to DPC that were measured, in words; no load follows from them. */
  measured: string[];
}

/** Names that a report may have; Windows loads some 300 drivers. */
const MOST_MODULES = 4096;
/** Powers of two up to weeks of microseconds are some 40. */
const MOST_BUCKETS = 64;
/** A source's name has the processor as well. */
const NAME_LENGTH = 150;
const REPORT_HINT = 'give the whole output of: xperf -i trace.etl -o report.txt -a dpcisr';

const SECTION = /^\s*(DPC|Interrupt) Info\s*$/;
const ANY_SECTION = /^\s*[A-Z][A-Za-z/ ]* Info\s*$/;
const SPAN = /^\s*CPU Usage from (\d+) us to (\d+) us\b/;
const PROCESSOR_CELL = /^\s*CPU (\d+) Usage\s*$/;
/** Microseconds and a share, which may have a decimal comma. */
const CELL = /\s*(\d+)\s+\d+[.,]\d+\s*,/y;
const HISTOGRAM = /^\s*Total = (\d+) for module (.+?)\s*$/;
const ALL_HISTOGRAM = /^\s*Total = (\d+)\s*$/;
const BUCKET = /^\s*Elapsed Time, >\s*(\d+) usecs(?: AND <=\s*(\d+) usecs)?\s*,\s*(\d+)\b/;
const END_OF_TABLE = /^\s*(-{3,}|={3,}|All Module\b)/;
/** Tables of intervals, which say nothing by module; the next one by module says its name first. */
const BY_INTERVAL = /^\s*(Usage From|Distribution of)\b/;
const BY_MODULE = /^\s*CPU Usage\b/;

/** Tells the report by its beginning, or by any part of it. */
export function looksLikeDpcIsr(text: string): boolean {
  return (
    /^\s*CPU Usage Summing By Module/m.test(text) ||
    /^\s*(DPC|Interrupt) Info\s*$/m.test(text) ||
    /^\s*Elapsed Time, >\s*\d+ usecs/m.test(text)
  );
}

/**
 * Reads a report by its sections and the heads of its columns.
 *
 * Throws InputError, with the line, for a report without usage by module and processor, and for one
 * that contradicts itself or exceeds what a scenario may have.
 */
export function readDpcIsr(lines: readonly string[], file: string): DpcIsrReport {
  const reader = new ReportReader(file);
  lines.forEach((text, index) => reader.take(text, index + 1));
  return reader.finish();
}

type Kind = 'dpc' | 'isr';

class ReportReader {
  private readonly modules: Record<Kind, Map<string, ModuleTimes>> = {
    dpc: new Map(),
    isr: new Map(),
  };
  private readonly doubts: string[] = [];
  private readonly tables = new Set<Kind>();
  private kind: Kind | null = null;
  private spanUs = 0;
  private processors = 0;
  /** Which processor each column of the table is about; empty outside of a table. */
  private columns: number[] = [];
  private inRows = false;
  private isByInterval = false;
  private histogram: {
    module: ModuleTimes | null;
    total: number;
    line: number;
    sum: number;
  } | null = null;
  private routines = 0;

  constructor(readonly file: string) {}

  take(text: string, line: number): void {
    const section = SECTION.exec(text);
    if (section !== null || ANY_SECTION.test(text)) {
      this.endHistogram();
      this.kind = section === null ? null : section[1] === 'DPC' ? 'dpc' : 'isr';
      this.columns = [];
      this.isByInterval = false;
      return;
    }
    if (this.kind === null) return;
    if (BY_INTERVAL.test(text)) this.isByInterval = true;
    else if (BY_MODULE.test(text)) this.isByInterval = false;
    if (this.takeHistogram(text, line, this.modules[this.kind])) return;
    const span = SPAN.exec(text);
    if (span !== null) this.takeSpan(Number(span[2]) - Number(span[1]), line);
    else if (END_OF_TABLE.test(text) || this.isByInterval) this.columns = [];
    else if (PROCESSOR_CELL.test(text.split(',', 1)[0])) this.takeHead(text, line);
    else if (this.columns.length > 0) this.takeInTable(text, line, this.modules[this.kind]);
  }

  private takeSpan(spanUs: number, line: number): void {
    if (!(spanUs > 0 && spanUs * 1000 <= LIMITS.spanNs)) {
      throw this.refusal(line, `the trace lasts ${spanUs} us, and 1 us to 11.5 days are allowed`);
    }
    if (this.spanUs !== 0 && this.spanUs !== spanUs) {
      throw this.refusal(
        line,
        `the trace lasts ${spanUs} us here and ${this.spanUs} us above`,
        'give the report of one trace',
      );
    }
    this.spanUs = spanUs;
  }

  /** `CPU 0 Usage, CPU 1 Usage,`: which processors the columns are about. */
  private takeHead(text: string, line: number): void {
    const cells = text.split(',').filter((cell) => cell.trim() !== '');
    // The table by second has the same heads behind an empty one, and says nothing by module.
    const columns = cells.map((cell) => Number(PROCESSOR_CELL.exec(cell)?.[1] ?? NaN));
    const odd = columns.findIndex(
      (column, i) => !(column < LIMITS.processors) || columns.indexOf(column) !== i,
    );
    if (odd >= 0) {
      throw this.refusal(
        line,
        `expected processors from 0 to ${LIMITS.processors - 1}, each once, found ` +
          quote(cells[odd].trim()),
      );
    }
    this.columns = columns;
    this.inRows = false;
    this.processors = Math.max(this.processors, ...columns.map((column) => column + 1));
  }

  private takeInTable(text: string, line: number, modules: Map<string, ModuleTimes>): void {
    if (text.trim() === '') {
      // A blank line ends the rows; before them it may stand between heads.
      if (this.inRows) this.columns = [];
      return;
    }
    if (!this.inRows) {
      if (!/^\s*usec\s+%\s*,/.test(text) || !/,\s*Module\s*$/.test(text)) {
        throw this.refusal(
          line,
          `expected the columns "usec %" for each processor, then "Module", found ` +
            quote(text.trim()),
        );
      }
      this.inRows = true;
      if (this.kind !== null) this.tables.add(this.kind);
      return;
    }
    this.takeRow(text, line, modules);
  }

  private takeRow(text: string, line: number, modules: Map<string, ModuleTimes>): void {
    CELL.lastIndex = 0;
    const usec = this.columns.map(() => {
      const at = CELL.lastIndex;
      const cell = CELL.exec(text);
      if (cell === null) {
        throw this.refusal(
          line,
          `expected microseconds, a share and a comma for ${this.columns.length} ` +
            `processors, found ${quote(text.slice(at).trim())}`,
        );
      }
      return Number(cell[1]);
    });
    const name = text.slice(CELL.lastIndex).trim();
    if (name === '') throw this.refusal(line, 'the row has no module', REPORT_HINT);
    const module = this.module(modules, name, line);
    usec.forEach((value, i) => {
      const sum = (module.usec[this.columns[i]] ?? 0) + value;
      if (sum > this.spanUs) {
        throw this.refusal(
          line,
          `${quote(module.name)} has ${formatCount(sum)} us on CPU ${this.columns[i]}, and the ` +
            `trace lasts ${formatCount(this.spanUs)} us`,
        );
      }
      module.usec[this.columns[i]] = sum;
    });
  }

  /** One entry for a name, however it is written in capitals and quotes. */
  private module(modules: Map<string, ModuleTimes>, written: string, line: number): ModuleTimes {
    const name = written.replace(/^"(.*)"$/, '$1').slice(0, NAME_LENGTH);
    const known = modules.get(name.toLowerCase());
    if (known !== undefined) return known;
    if (modules.size === MOST_MODULES) {
      throw this.refusal(line, `there are more than ${formatCount(MOST_MODULES)} modules`);
    }
    const module = { name, usec: [], buckets: [], line };
    modules.set(name.toLowerCase(), module);
    return module;
  }

  /** True if the line belongs to a histogram. */
  private takeHistogram(text: string, line: number, modules: Map<string, ModuleTimes>): boolean {
    const named = HISTOGRAM.exec(text);
    const all = named === null ? ALL_HISTOGRAM.exec(text) : null;
    if (named !== null || all !== null) {
      this.endHistogram();
      this.columns = [];
      const module = named === null ? null : this.module(modules, named[2], line);
      if (module !== null && module.buckets.length > 0) {
        throw this.refusal(
          line,
          `there is a histogram of ${quote(module.name)} above`,
          'give the report of one trace',
        );
      }
      this.histogram = { module, total: Number((named ?? all)![1]), line, sum: 0 };
      return true;
    }
    const bucket = BUCKET.exec(text);
    if (bucket === null) return false;
    if (this.histogram !== null) this.takeBucket(bucket, line, this.histogram);
    return true;
  }

  private takeBucket(
    [, from, to, written]: RegExpExecArray,
    line: number,
    histogram: { module: ModuleTimes | null; sum: number },
  ): void {
    const fromUs = Number(from);
    const toUs = to === undefined ? Math.max(1, 2 * fromUs) : Number(to);
    const count = Number(written);
    this.routines += count;
    if (!(fromUs < toUs && toUs * 1000 <= LIMITS.spanNs && this.routines <= LIMITS.interrupts)) {
      throw this.refusal(
        line,
        `the bucket from ${from} to ${toUs} us with ${formatCountOf(count, 'routine')} is beyond ` +
          'what a report can have',
      );
    }
    histogram.sum += count;
    const buckets = histogram.module?.buckets;
    if (buckets === undefined) return;
    if (fromUs < (buckets.at(-1)?.toUs ?? 0)) {
      throw this.refusal(line, `the bucket from ${fromUs} us begins before the one above it ends`);
    }
    if (buckets.length === MOST_BUCKETS) {
      throw this.refusal(line, `the histogram has more than ${MOST_BUCKETS} buckets`);
    }
    buckets.push({ fromUs, toUs, count, ...(to === undefined ? { isOpen: true } : {}) });
  }

  private endHistogram(): void {
    if (this.histogram === null) return;
    const { module, total, line, sum } = this.histogram;
    if (sum !== total && this.doubts.length < LIMITS.problems) {
      const whose = module === null ? 'all modules' : module.name;
      this.doubts.push(
        `line ${line}: the buckets of ${whose} hold ${formatCountOf(sum, 'routine')}, and the ` +
          `total says ${formatCount(total)}; the buckets are believed`,
      );
    }
    this.histogram = null;
  }

  finish(): DpcIsrReport {
    this.endHistogram();
    if (this.spanUs === 0 || this.processors === 0) {
      throw this.refusal(
        null,
        'this report has no "CPU Usage Summing By Module", so that it tells no rates and ' +
          'no processors',
        REPORT_HINT,
      );
    }
    const [dpc, isr] = (['dpc', 'isr'] as const).map((kind) =>
      [...this.modules[kind].values()].map((module) => this.whole(module)),
    );
    if (![...dpc, ...isr].some(({ buckets }) => buckets.some(({ count }) => count > 0))) {
      throw this.refusal(null, 'this report has no histogram with a DPC or an ISR', REPORT_HINT);
    }
    this.checkLoad([...dpc, ...isr]);
    const missing = (['dpc', 'isr'] as const).filter((kind) => !this.tables.has(kind));
    for (const kind of missing) {
      this.doubts.push(
        `the report has no table of ${kind === 'dpc' ? 'DPCs' : 'ISRs'}; it may be cut off`,
      );
    }
    return {
      from: 'xperf',
      measured: [],
      spanUs: this.spanUs,
      processors: this.processors,
      dpc,
      isr,
      doubts: this.doubts,
    };
  }

  /**
   * A module of a histogram alone has no row, and one of a row may lack columns. The bucket without
   * an end may hold a routine whose time is not in the table: seconds that nobody spent.
   */
  private whole(module: ModuleTimes): ModuleTimes {
    const usec = Array.from({ length: this.processors }, (_, i) => module.usec[i] ?? 0);
    const last = module.buckets.at(-1);
    const leastUs = module.buckets.reduce((sum, { fromUs, count }) => sum + fromUs * count, 0);
    const reportedUs = usec.reduce((sum, value) => sum + value, 0);
    if (last?.isOpen !== true || last.count === 0 || leastUs <= reportedUs) {
      return { ...module, usec };
    }
    const routines = formatCountOf(last.count, 'routine');
    this.doubts.push(
      `line ${module.line}: in the ${formatCount(reportedUs)} us of ${module.name} there is no ` +
        `room for ${routines} of over ${formatCount(last.fromUs)} us beside the others; left out`,
    );
    return { ...module, usec, buckets: module.buckets.slice(0, -1) };
  }

  private checkLoad(modules: readonly ModuleTimes[]): void {
    for (let i = 0; i < this.processors; i++) {
      const sum = modules.reduce((total, { usec }) => total + usec[i], 0);
      if (sum <= this.spanUs) continue;
      throw this.refusal(
        null,
        `DPCs and ISRs of CPU ${i} take ${formatCount(sum)} us together, and the trace ` +
          `lasts ${formatCount(this.spanUs)} us`,
      );
    }
  }

  private refusal(line: number | null, message: string, hint = ''): InputError {
    return new InputError([{ file: this.file, line, column: null, path: '', message, hint }]);
  }
}
