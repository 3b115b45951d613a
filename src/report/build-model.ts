import { IMPORTANCES } from '../policy/policy.js';
import type { Policy } from '../policy/policy.js';
import type { ResultDocument } from '../result/document.js';
import type { PrecisionReached } from '../result/meta-shape.js';
import { formatCount, formatNs } from '../units.js';
import { decisionMatrix } from './decision-matrix.js';
import { formatShare, threeDigits } from './format.js';
import { latencyCell, latencyFigures } from './latency-figures.js';
import { depthFigures, perThousand, requestsFigure, timeFigure } from './machine-figures.js';
import { REPORT_SCHEMA } from './model.js';
import type {
  ColumnModel,
  ReportModel,
  ReportedDocument,
  RuleModel,
  SectionModel,
  TableModel,
} from './model.js';
import { comparisonTable, intervalTable } from './interval-tables.js';
import { scenarioText } from './scenario-text.js';
import { factTable } from './table.js';

/** What a report on these results shows, one section each, in their order. */
export function buildReportModel(documents: readonly ReportedDocument[]): ReportModel {
  return { schema: REPORT_SCHEMA, sections: documents.map((d, i) => buildSection(d, `s${i + 1}`)) };
}

function buildSection(document: ReportedDocument, id: string): SectionModel {
  const { scenario, results } = document;
  return {
    id,
    name: scenario.name,
    question: scenario.question,
    warnings: [
      ...(document.meta.settling.sentence === '' ? [] : [document.meta.settling.sentence]),
      ...document.warnings.map(({ sentence }) => sentence),
    ],
    verdict: document.verdict ?? [],
    policies: results.map((result) => result.policy),
    key: keyTable(document),
    decisions: decisionMatrix(document),
    intervals: intervalTable(document),
    comparisons: comparisonTable(document),
    figures: [
      requestsFigure(document, id),
      timeFigure(document, id),
      ...latencyFigures(document, id),
      ...depthFigures(document, id),
    ],
    rules: scenario.policies.map(ruleOf),
    scenarioText: scenarioText(scenario),
    meta: metaTable(document),
  };
}

/** Counters that only some scenarios have. */
const LATER_COLUMNS = [
  ['Interrupts held back', 'held'],
  ['Routine timeouts', 'routineTimeouts'],
  ['DISPATCH timeouts', 'dispatchTimeouts'],
] as const;

/** The figures that the terminal prints too: what a policy costs in IPIs and in latency. */
function keyTable({ results }: ResultDocument): TableModel {
  const firstIpis = results[0]?.counters.ipis ?? 0;
  const counter = (label: string, of: (r: ResultDocument['results'][number]) => number) =>
    ({ label, unit: 'count', values: results.map(of) }) satisfies ColumnModel;
  const wait = (label: string, key: 'p50Ns' | 'p99Ns' | 'p999Ns' | 'maxNs') =>
    ({
      label: `DPC wait ${label}`,
      unit: 'ns',
      values: results.map((result) => latencyCell(result.latency.dpcWait, key)),
    }) satisfies ColumnModel;
  return {
    caption: 'Policies side by side',
    columns: [
      { label: 'Policy', unit: 'name', values: results.map((result) => result.policy) },
      counter('IPIs', (r) => r.counters.ipis),
      {
        label: 'IPIs against the first',
        unit: 'ratio',
        values: results.map((r, i) =>
          i === 0 ? 1 : firstIpis === 0 ? '–' : r.counters.ipis / firstIpis,
        ),
      },
      { label: 'IPIs per 1,000 interrupts', unit: 'decimal', values: results.map(perThousand) },
      wait('p50', 'p50Ns'),
      wait('p99', 'p99Ns'),
      wait('p99.9', 'p999Ns'),
      wait('max', 'maxNs'),
      {
        label: 'Interrupt to DPC p99',
        unit: 'ns',
        values: results.map((result) => latencyCell(result.latency.interruptToDpc, 'p99Ns')),
      },
      counter('Drains', (r) => r.counters.dispatchDrains + r.counters.idleDrains),
      counter('Tick rescues', (r) => r.counters.rescues),
      counter('Dropped', (r) => r.counters.dropped),
      counter('Unserved', (r) => r.counters.unserved),
      ...LATER_COLUMNS.flatMap(([label, name]) =>
        results.every(({ counters }) => counters[name] !== undefined)
          ? [counter(label, ({ counters }) => counters[name] ?? 0)]
          : [],
      ),
    ],
    note: '',
  };
}

function ruleOf(policy: Policy): RuleModel {
  const row = (where: 'current' | 'other') => IMPORTANCES.map((i) => policy[where][i].text);
  const rows = [row('current'), row('other'), IMPORTANCES.map((i) => policy.insert[i])];
  return {
    policy: policy.name,
    sentence: policy.sentence,
    source: policy.source,
    conditions: {
      caption: `${policy.name}: when queueing interrupts the target`,
      columns: [
        {
          label: 'Queued to',
          unit: 'text',
          values: ['the current processor', 'another processor', 'end of the queue'],
        },
        ...IMPORTANCES.map((importance, i) => ({
          label: importance,
          unit: 'text' as const,
          values: rows.map((cells) => cells[i]),
        })),
      ],
      note: '',
    },
    settings: settingsText(policy),
  };
}

function settingsText(policy: Policy): string {
  const rescue = policy.tickRescue
    ? 'the clock tick starts a drain of a queue that nobody asked for'
    : 'the clock tick starts no drains';
  return (
    [
      `“over” means that the queue’s depth ${policy.depth} its maximum`,
      policy.suppress
        ? 'a target already draining or asked is not asked again'
        : 'a target is asked even while it drains',
      rescue,
      policy.adaptive ? 'the maximum depth adapts to the load' : 'the maximum depth is fixed',
      drainText(policy),
    ].join('; ') + '.'
  );
}

function drainText({ drainLimit, drainTimeNs }: Policy): string {
  const bounds = [
    ...(drainLimit > 0 ? [`after ${drainLimit} routines`] : []),
    ...(drainTimeNs ? [`with the routine that runs after ${formatNs(drainTimeNs)}`] : []),
  ];
  return bounds.length === 0
    ? 'a drain goes on until the queue is empty'
    : `a drain ends ${bounds.join(' or ')}`;
}

function metaTable({ meta, schema }: ResultDocument): TableModel {
  const { versions, host } = meta;
  const rows: [string, string][] = [
    ['dpcbench', versions.dpcbench],
    ['Rules of the machine', `version ${versions.rules}`],
    ['Kernel', `ABI ${versions.abi}, SHA-256 ${meta.kernelHash}`],
    ['Scenario', `SHA-256 ${meta.scenarioHash}`],
    ['Result schema', schema],
    ['Seed', String(meta.seed)],
    ['Shards', formatCount(meta.shards)],
    ['Warm-up cut from each shard', warmupText(meta)],
    ['Settled', settledText(meta)],
    ['Precision asked for', precisionText(meta.precision)],
    ['Processors', formatCount(meta.processors)],
    ['Simulated time of one policy', formatNs(meta.durationNs)],
    ['Simulated interrupts', `${formatCount(meta.interrupts)} (all policies together)`],
    ['Command line', host.commandLine.map(quoteArgument).join(' ')],
    ['Host', `${host.platform}, Node.js ${host.node}, ${formatCount(host.workers)} workers`],
    ['Wall clock', `${threeDigits(host.wallSeconds)} s`],
    ['Rate', `${formatCount(host.interruptsPerSecond)} simulated interrupts per second`],
  ];
  return factTable(rows);
}

function warmupText({ warmup }: ResultDocument['meta']): string {
  if (warmup.ns === 0) return 'none';
  if (warmup.kind === 'settle') return `${formatNs(warmup.ns)}, for ${warmup.method}`;
  const method = warmup.method === '' ? '' : `, found by ${warmup.method}`;
  const doubt = warmup.found ? '' : '; the pilot was too short to be sure';
  return `${formatNs(warmup.ns)}${method}${doubt}`;
}

function settledText({ settling }: ResultDocument['meta']): string {
  const by = `${formatNs(settling.ns)} for ${settling.slowest}`;
  if (settling.state === 'settled') return `yes, after ${by}`;
  return settling.state === 'from-start' ? `not asked; needs ${by}` : `no; needs ${by}`;
}

function precisionText(precision: PrecisionReached | null): string {
  if (precision === null) return 'none';
  const { figure, target, reached } = precision;
  const known = reached === null ? 'unknown' : formatShare(reached);
  return `${figure} to plus or minus ${formatShare(target)}; reached: ${known}`;
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
