import type { BottomChange, RoutineRun, RoutineSink } from './routine-log.js';

const NS_PER_US = 1000;
const NS_PER_SECOND = 1_000_000_000;
const EOL = '\n';
/** No thread of the machine has a number; the idle loop is thread 0. */
const A_THREAD = 4;

/** Whole microseconds, cut off as the recorder's clock does. */
const us = (ns: number): number => Math.floor(ns / NS_PER_US);

/** Makes a text of what ran, piece by piece. */
export interface WindowsText extends RoutineSink {
  /** What can be written by now. */
  take(): string;
  /** The rest, when the run is over. */
  end(spanNs: number): string;
}

/** As `xperf -a dumper` prints it: a row for each routine at its exit, and for thread switches. */
export class DumperText implements WindowsText {
  private text = [
    'BeginHeader',
    header('CSwitch', 'New Process Name ( PID), New TID, Old Process Name ( PID), Old TID, CPU'),
    header(
      'Interrupt',
      'ElapsedTime, CPU, Vector, MessageIndex, Status, ServiceAddr, Image!Function',
    ),
    header('DPC', 'ElapsedTime, CPU, ServiceAddr, Image!Function'),
    'EndHeader',
    '',
  ].join(EOL);

  onRoutine({ kind, processor, module, routine, entryNs, exitNs }: RoutineRun): void {
    const elapsedUs = us(exitNs) - us(entryNs);
    const device = kind === 'isr' ? ' 0, 0, 0x01,' : '';
    this.row(
      kind === 'isr' ? 'Interrupt' : 'DPC',
      exitNs,
      `${number(elapsedUs)}, ${String(processor).padStart(3)},${device} 0x0, ${module}!${routine}`,
    );
  }

  onBottom({ processor, atNs, isIdle }: BottomChange): void {
    const [now, before] = isIdle ? [IDLE, THREAD] : [THREAD, IDLE];
    this.row('CSwitch', atNs, `${now}, ${before}, ${String(processor).padStart(3)}`);
  }

  private row(name: string, atNs: number, rest: string): void {
    this.text += `${name.padStart(23)}, ${number(us(atNs))}, ${rest}${EOL}`;
  }

  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  end(): string {
    return this.take();
  }
}

const IDLE = 'Idle (   0), 0';
const THREAD = `thread (${String(A_THREAD).padStart(4)}), ${A_THREAD}`;

function header(name: string, columns: string): string {
  return `${name.padStart(23)},  TimeStamp, ${columns}`;
}

function number(value: number): string {
  return String(value).padStart(10);
}

interface Totals {
  count: number;
  ns: number;
  maxNs: number;
}

/** Times of the routines of a kind, by module and processor, and how long each took. */
class RoutineSums {
  readonly modules = new Map<string, { byProcessor: Totals[]; buckets: number[] }>();

  constructor(readonly processors: number) {}

  add({ module, processor, ownNs }: RoutineRun): void {
    let sums = this.modules.get(module);
    if (sums === undefined) {
      const byProcessor = Array.from({ length: this.processors }, none);
      this.modules.set(module, (sums = { byProcessor, buckets: [] }));
    }
    addTo(sums.byProcessor[processor], ownNs);
    const bucket = bucketOf(ownNs);
    sums.buckets[bucket] = (sums.buckets[bucket] ?? 0) + 1;
  }

  /** In the order of names, as the recorder's tools have it. */
  sorted(): [string, { byProcessor: Totals[]; buckets: number[] }][] {
    return [...this.modules].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  buckets(): number[] {
    const all: number[] = [];
    for (const { buckets } of this.modules.values()) {
      buckets.forEach((count, i) => (all[i] = (all[i] ?? 0) + count));
    }
    return all;
  }

  on(processor: number): Totals {
    const totals = none();
    for (const { byProcessor } of this.modules.values()) {
      const { count, ns, maxNs } = byProcessor[processor];
      totals.count += count;
      totals.ns += ns;
      totals.maxNs = Math.max(totals.maxNs, maxNs);
    }
    return totals;
  }
}

const none = (): Totals => ({ count: 0, ns: 0, maxNs: 0 });

function addTo(totals: Totals, ns: number): void {
  totals.count += 1;
  totals.ns += ns;
  totals.maxNs = Math.max(totals.maxNs, ns);
}

/** 0: up to 1 us; i: over 2^(i−1) and up to 2^i. */
function bucketOf(ns: number): number {
  return ns <= NS_PER_US ? 0 : Math.ceil(Math.log2(ns / NS_PER_US));
}

/** As `xperf -a dpcisr` prints it: times by module and processor, histograms of modules. */
export class DpcIsrText implements WindowsText {
  private readonly sums: Record<RoutineRun['kind'], RoutineSums>;

  constructor(readonly processors: number) {
    this.sums = { dpc: new RoutineSums(processors), isr: new RoutineSums(processors) };
  }

  onRoutine(run: RoutineRun): void {
    this.sums[run.kind].add(run);
  }

  onBottom(): void {}

  take(): string {
    return '';
  }

  end(spanNs: number): string {
    const lines = [
      ...this.section('DPC Info', this.sums.dpc, us(spanNs)),
      ...this.section('Interrupt Info', this.sums.isr, us(spanNs)),
    ];
    return lines.join(EOL) + EOL;
  }

  private section(title: string, sums: RoutineSums, spanUs: number): string[] {
    const rule = '-'.repeat(26);
    const cells = Array.from({ length: this.processors }, (_, i) => i);
    const all = sumOf(sums.buckets());
    return [
      '',
      rule,
      title,
      '',
      rule,
      'CPU Usage Summing By Module For the Whole Trace',
      '',
      `CPU Usage from 0 us to ${spanUs} us:`,
      '',
      cells.map((i) => `${`CPU ${i} Usage`.padStart(16)}, `).join(''),
      `${cells.map(() => '     usec      %, ').join('')}Module`,
      ...sums.sorted().map(([name, { byProcessor }]) => usageRow(name, byProcessor, spanUs)),
      '',
      ...histogram(sums.buckets(), ''),
      ...sums.sorted().flatMap(([name, { buckets }]) => histogram(buckets, ` for module ${name}`)),
      `All Module = ${all},  Total = ${all},   EQUAL`,
      '',
    ];
  }
}

function usageRow(name: string, byProcessor: readonly Totals[], spanUs: number): string {
  const cells = byProcessor.map(({ ns }) => {
    const usec = Math.round(ns / NS_PER_US);
    const share = spanUs === 0 ? 0 : (100 * usec) / spanUs;
    return `${String(usec).padStart(9)} ${share.toFixed(2).padStart(6)}, `;
  });
  return `${cells.join('')}${name}`;
}

function histogram(buckets: readonly number[], of: string): string[] {
  const total = sumOf(buckets);
  const padded = Array.from({ length: buckets.length }, (_, i) => buckets[i] ?? 0);
  return [
    `Total = ${total}${of}`,
    ...padded.map((count, i) => {
      const from = String(i === 0 ? 0 : 2 ** (i - 1)).padStart(8);
      const share = total === 0 ? 0 : (100 * count) / total;
      return (
        `Elapsed Time, > ${from} usecs AND <= ${String(2 ** i).padStart(8)} usecs, ` +
        `${String(count).padStart(6)}, or ${share.toFixed(2).padStart(6)}%`
      );
    }),
    `Total,${String(total).padStart(56)}`,
    '',
  ];
}

/** Whole buckets of LatencyMon, in us; the last is open. Its third one is misnamed, as there. */
const LATENCYMON_BUCKETS: readonly { name: string; fromUs: number }[] = [
  { name: '<250', fromUs: 0 },
  { name: '250-500', fromUs: 250 },
  { name: '500-10000', fromUs: 500 },
  { name: '1000-2000', fromUs: 1000 },
  { name: '2000-4000', fromUs: 2000 },
  { name: '>=4000', fromUs: 4000 },
];

/** As LatencyMon's report: numbers, times and longest by processor, and waits of DPCs. */
export class LatencyMonText implements WindowsText {
  private readonly sums: Record<RoutineRun['kind'], RoutineSums>;
  private readonly counts = {
    dpc: new Array<number>(6).fill(0),
    isr: new Array<number>(6).fill(0),
  };
  private readonly waits = none();

  constructor(readonly processors: number) {
    this.sums = { dpc: new RoutineSums(processors), isr: new RoutineSums(processors) };
  }

  onRoutine(run: RoutineRun): void {
    this.sums[run.kind].add(run);
    const ownUs = run.ownNs / NS_PER_US;
    this.counts[run.kind][LATENCYMON_BUCKETS.findLastIndex(({ fromUs }) => ownUs >= fromUs)] += 1;
    if (run.kind === 'dpc') addTo(this.waits, run.waitNs);
  }

  onBottom(): void {}

  take(): string {
    return '';
  }

  end(spanNs: number): string {
    const rule = '_'.repeat(105);
    const { count, ns, maxNs } = this.waits;
    const seconds = Math.round(spanNs / NS_PER_SECOND);
    const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
      .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
      .join(':');
    const lines = [
      ...heading('CONCLUSION', rule),
      'This is a simulated machine, told in the form of a report of LatencyMon.',
      `LatencyMon has been analyzing your system for  ${clock}  (h:mm:ss) on all processors.`,
      ...heading('SYSTEM INFORMATION', rule),
      row('Logical processors:', String(this.processors)),
      ...heading('MEASURED INTERRUPT TO USER PROCESS LATENCIES', rule),
      row('Highest measured interrupt to DPC latency (µs):', micro(maxNs)),
      row('Average measured interrupt to DPC latency (µs):', micro(count === 0 ? 0 : ns / count)),
      ...this.reported('isr', spanNs, rule),
      ...this.reported('dpc', spanNs, rule),
      ...heading('PER CPU DATA', rule),
      ...Array.from({ length: this.processors }, (_, i) => [...this.perProcessor(i), rule]).flat(),
    ];
    return `${lines.join(EOL)}${EOL}`;
  }

  private reported(kind: RoutineRun['kind'], spanNs: number, rule: string): string[] {
    const name = kind === 'isr' ? 'ISR' : 'DPC';
    const all = this.sums[kind].sorted().map(([module, { byProcessor }]) => ({
      module,
      ns: sumOf(byProcessor.map(({ ns }) => ns)),
      maxNs: Math.max(...byProcessor.map(({ maxNs }) => maxNs)),
    }));
    const nobody = { module: '', ns: 0, maxNs: 0 };
    const longest = all.reduce((a, b) => (b.maxNs > a.maxNs ? b : a), nobody);
    const busiest = all.reduce((a, b) => (b.ns > a.ns ? b : a), nobody);
    const share = (ns: number): string => ((100 * ns) / (spanNs * this.processors || 1)).toFixed(6);
    return [
      ...heading(`REPORTED ${name}s`, rule),
      row(`Highest ${name} routine execution time (µs):`, micro(longest.maxNs)),
      row(`Driver with highest ${name} routine execution time:`, longest.module),
      '',
      row(`Highest reported total ${name} routine time (%):`, share(busiest.ns)),
      row(`Driver with highest ${name} total execution time:`, busiest.module),
      '',
      row(`Total time spent in ${name}s (%)`, share(sumOf(all.map(({ ns }) => ns)))),
      '',
      ...LATENCYMON_BUCKETS.map(({ name: bucket }, i) =>
        row(`${name} count (execution time ${bucket} µs):`, String(this.counts[kind][i])),
      ),
    ];
  }

  private perProcessor(processor: number): string[] {
    return (['isr', 'dpc'] as const).flatMap((kind) => {
      const name = `CPU ${processor} ${kind === 'isr' ? 'ISR' : 'DPC'}`;
      const { count, ns, maxNs } = this.sums[kind].on(processor);
      return [
        row(`${name} highest execution time (µs):`, micro(maxNs)),
        row(`${name} total execution time (s):`, (ns / NS_PER_SECOND).toFixed(6)),
        row(`${name} count:`, String(count)),
      ];
    });
  }
}

function heading(title: string, rule: string): string[] {
  return ['', '', rule, title, rule];
}

function row(name: string, value: string): string {
  return name.padEnd(54) + value;
}

function micro(ns: number): string {
  return (ns / NS_PER_US).toFixed(6);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
