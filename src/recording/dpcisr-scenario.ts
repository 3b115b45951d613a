import { LIMITS } from '../scenario/limits.js';
import { formatCount, formatCountOf } from '../units.js';
import { type Load, loadOf, PERIODIC_ROUTINES, RARE_ROUTINES } from './dpcisr-load.js';
import type { Durations, LoadModule, LoadSource } from './load-module.js';
import type { DpcIsrReport } from './dpcisr-report.js';
import { secondsToSimulate } from './dpcisr-until.js';
import { printable } from './recording.js';

/** Idle shares of the processors from 0 to 1, and where they are from, in words. */
export interface IdleShares {
  shares: readonly number[];
  from: string;
}

/** How long a thread runs on average; the report tells shares alone. */
const THREAD_RUN_NS = 1_000_000;
/** A share of thread time that is none. */
const NO_THREADS = 1e-6;
const WIDTH = 98;

/**
 * The scenario, as YAML with every assumption in a comment, that is the load model of a report.
 * `file` is the report's name.
 *
 * Throws InputError for a report that no scenario can be made of.
 */
export function dpcIsrScenario(
  report: DpcIsrReport,
  file: string,
  name: string,
  idle: IdleShares | null,
): string {
  const load = loadOf(report, file);
  const { processors, spanUs } = report;
  const seconds = secondsToSimulate(load, processors, spanUs);
  const names = new Set<string>();
  const title = printable(name).slice(0, LIMITS.nameLength);
  return [
    ...headComment(report, load, title, idle),
    `name: ${JSON.stringify(title)}`,
    'question: What do queueing rules change under the load that this report tells of?',
    '',
    'machine:',
    `  processors: ${processors}`,
    '  costs: { interrupt: 0, haltExit: 0, dispatch: 0, dequeue: 0 }',
    ...background(idle),
    '',
    'sources:',
    ...load.modules.flatMap((module, index) => moduleLines(module, index, names)),
    '',
    'policies: [pre-vista, vista]',
    `until: { time: ${seconds}s }`,
    '',
  ].join('\n');
}

/** What a report does not tell, and what stands in its place, each with its heading. */
const ASSUMPTIONS: readonly string[] = [
  '- When interrupts arrive. They are Poisson at the mean rate: an arrival tells nothing ' +
    'about the next. Real devices come in bursts, and real clocks at a period.',
  "- How many ran where. Counts are by module, times by module and processor: a module's " +
    'routines are spread over processors as its time is, and take as long on each, but ' +
    'never longer than all of its time there.',
  '- How long each took. Histograms have powers of two; within a bucket durations are ' +
    'even. The edges are multiplied by the factor given, so that the mean is the reported ' +
    'time by the count.',
  "- Which ISR queued which DPC. A module's ISRs and DPCs on a processor are pairs, as " +
    'many as there are of both. ISRs left over queue nothing ("isr" in the name). DPCs left ' +
    'over ("dpc"), of timers, of other modules\' ISRs or queued from elsewhere, come by an ' +
    'interrupt at IRQL 3 whose ISR takes no time. ISR and DPC durations do not depend on ' +
    'each other.',
  `- Rare routines. Fewer than ${RARE_ROUTINES} of a kind on a processor tell no distribution: ` +
    'they take their mean time, and where there is less time than one takes, it was one. ' +
    `Fewer than ${formatCount(PERIODIC_ROUTINES)} come once a period, at any instant of it, so ` +
    'that their number is as reported.',
  '- What merged. A routine that was reported ran: with budget 1 each item gets a routine ' +
    'of its own, and none is lost to a DPC that is queued already. An interrupt that comes ' +
    'while the one before it still waits merges with it here: where that is more than one in ' +
    '1,000, ISRs are longer by their share.',
  '- IRQLs, importances, targets. ISRs run at IRQL 5; DPCs are Medium and go to the ' +
    'processor of their ISR.',
  "- Costs. Reported times run from a routine's entry to its exit. What accepting an " +
    'interrupt, waking, entering a drain and dequeueing cost is not in them and is 0 here, ' +
    'so that simulated times compare. Without the line "costs" they have the defaults, for ' +
    'questions of latency.',
];

/** What LatencyMon does not tell. */
const BY_PROCESSOR: readonly string[] = [
  '- Which driver. Counts and times are by processor: on each, all drivers are one source.',
  '- How long each took. The number, the time and the longest are known: the longest comes once, ' +
    'the others are even from 0 to twice their mean.',
];
/** Assumptions that are told otherwise there: how many ran where, how long each took. */
const OF_XPERF = /^- How (?:many ran where|long each took)\./;

function assumptionsOf(from: DpcIsrReport['from']): readonly string[] {
  if (from === 'xperf') return ASSUMPTIONS;
  return [...BY_PROCESSOR, ...ASSUMPTIONS.filter((text) => !OF_XPERF.test(text))];
}

const REPORTERS = { xperf: '"xperf -a dpcisr"', latencymon: 'LatencyMon' } as const;

function headComment(
  { from, measured, processors, spanUs, doubts }: DpcIsrReport,
  load: Load,
  title: string,
  idle: IdleShares | null,
): string[] {
  const paragraphs = [
    `The load that ${REPORTERS[from]} reported in ${title}: ` +
      `${(spanUs / 1e6).toFixed(1)} s, ${formatCountOf(processors, 'processor')}. ` +
      'A report has counts and times, no single events: this is a model of that load, no replay. ' +
      'What the report does not tell is assumed:',
    ...assumptionsOf(from),
    ...(measured.length === 0
      ? []
      : [
          '- Measured. From interrupt to DPC LatencyMon measured ' +
            `${printable(measured.join(', '))}.`,
        ]),
    idle === null
      ? '- Threads. Nothing was said about idle time: the processors run no threads. Give ' +
        '--cswitch or --idle to "import".'
      : `- Threads. Idle shares are from ${printable(idle.from)}. Threads run for 1 ms on ` +
        'average, and pauses are as long as gives these shares; both are exponential.',
    ...(load.merged.length === 0
      ? []
      : [`- Small modules. Merged as "other modules": ${printable(load.merged.join(', '))}.`]),
    ...[...doubts, ...load.doubts].map((doubt) => `- Doubtful: ${printable(doubt)}.`),
  ];
  return paragraphs.flatMap((text) => comment(text));
}

function comment(text: string): string[] {
  const indent = text.startsWith('- ') ? '#   ' : '# ';
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== '#') {
      lines.push(line);
      line = indent + word;
    } else {
      line += ` ${word}`;
    }
  }
  return [...lines, line];
}

function background(idle: IdleShares | null): string[] {
  if (idle === null) return [];
  const entries = idle.shares.map((share) => {
    if (1 - share < NO_THREADS) return '{ busy: 0 }';
    const idleNs = Math.round((THREAD_RUN_NS * share) / (1 - share));
    const pause = idleNs === 0 ? '0' : `{ exponential: ${idleNs}ns }`;
    return `{ busy: { exponential: 1ms }, idle: ${pause} }`;
  });
  if (entries.every((entry) => entry === entries[0])) return [`  background: ${entries[0]}`];
  return [
    '  background:',
    ...entries.map(
      (entry, i) => `    - ${entry} # CPU ${i}: ${(100 * idle.shares[i]).toFixed(2)} % idle`,
    ),
  ];
}

function moduleLines(module: LoadModule, index: number, names: Set<string>): string[] {
  const { isr, dpc, isrCount, dpcCount, sources } = module;
  const said = [
    ...(dpc === null ? [] : [`${formatCount(Math.round(dpcCount))} DPCs, edges x ${factor(dpc)}`]),
    ...(isr === null ? [] : [`${formatCount(Math.round(isrCount))} ISRs, edges x ${factor(isr)}`]),
  ];
  const written = new Set<Durations>();
  const durations = (kind: 'isr' | 'dpc', of: Durations): string => {
    const anchor = `${kind}-${index}`;
    const isShared = of === module[kind];
    if (isShared && written.has(of)) return `*${anchor}`;
    written.add(of);
    const { edgesNs, weights } = of;
    const counts = weights.map((weight) => Number(weight.toPrecision(6)));
    return (
      `${isShared ? `&${anchor} ` : ''}{ histogram: { edges: [${edgesNs.join(', ')}], ` +
      `weights: [${counts.join(', ')}] } }`
    );
  };
  return [
    ...comment(`${printable(module.name)}: ${said.join('; ')}`).map((line) => `  ${line}`),
    ...sources.flatMap((source) => sourceLines(source, names, durations)),
  ];
}

const factor = ({ factor: value }: Durations): string => value.toPrecision(4);

function sourceLines(
  { name, processor, ratePerSecond, isRare, isPeriodic, isr, dpc }: LoadSource,
  names: Set<string>,
  durations: (kind: 'isr' | 'dpc', of: Durations) => string,
): string[] {
  const time = (kind: 'isr' | 'dpc', of: Durations): string =>
    isRare ? `${Math.round(of.meanNs)}ns` : durations(kind, of);
  return [
    `  - name: ${JSON.stringify(uniqueName(name, names))}`,
    `    irql: ${isr === null ? 3 : 5}`,
    `    processor: ${processor}`,
    ...(isr === null ? [] : [`    isr: ${time('isr', isr)}`]),
    `    arrivals: ${arrivals(ratePerSecond, isPeriodic)}`,
    ...(dpc === null ? [] : ['    dpc:', '      budget: 1', `      service: ${time('dpc', dpc)}`]),
  ];
}

function arrivals(ratePerSecond: number, isPeriodic: boolean): string {
  if (!isPeriodic) {
    const rate = ratePerSecond.toFixed(12).replace(/\.?0+$/, '');
    return `{ poisson: ${rate}/s }`;
  }
  const periodNs = Math.min(LIMITS.spanNs, Math.round(1e9 / ratePerSecond));
  return `{ periodic: { period: ${periodNs}ns, jitter: { uniform: [0, ${periodNs}ns] } } }`;
}

/** A name that a source may have: ASCII, without the mark that the event log uses. */
function uniqueName(name: string, names: Set<string>): string {
  const plain = printable(name).replaceAll('@', '?');
  let unique = plain;
  for (let i = 2; names.has(unique); i++) unique = `${plain} ${i}`;
  names.add(unique);
  return unique;
}
