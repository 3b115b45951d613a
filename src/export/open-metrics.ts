import type { Decision } from '../result/decision-shape.js';
import type { LatencySummary, PolicyResult, ScopeResult } from '../result/document.js';
import { countOf, LATENCY_NAMES } from '../result/figures.js';
import { COUNTER_NAMES, type RateName } from '../result/outcome.js';
import { visibleLine } from '../visible-text.js';
import type { Exported } from './result-table.js';

const NS_PER_SECOND = 1e9;
const QUANTILES: readonly [string, keyof LatencySummary][] = [
  ['0.5', 'p50Ns'],
  ['0.9', 'p90Ns'],
  ['0.99', 'p99Ns'],
  ['0.999', 'p999Ns'],
  ['0.9999', 'p9999Ns'],
];

/** Scopes have families of their own, so that a sum over a family counts nothing twice. */
const SCOPES = ['machine', 'source', 'processor'] as const;
type ScopeName = (typeof SCOPES)[number];

interface Scope {
  kind: ScopeName;
  labels: string;
  of: Pick<ScopeResult, 'counters' | 'execution' | 'latency'>;
  result: PolicyResult;
  index: number;
}

/**
 * The figures in OpenMetrics' text format (1.0), in seconds: counters, a summary and a maximum of
 * each latency, how long routines ran, how processors spent their time, and what came of the DPCs
 * queued in each situation. What has no value is left out. A reader of
 * Prometheus' own text format takes it as well.
 */
export function toOpenMetrics(exported: Exported): string {
  const scopes = [...scopesOf(exported)];
  const lines: string[] = [];
  for (const kind of SCOPES) {
    const own = scopes.filter((scope) => scope.kind === kind);
    const prefix = kind === 'machine' ? 'dpcbench' : `dpcbench_${kind}`;
    for (const name of [...COUNTER_NAMES, 'drains'] as const) {
      lines.push(...counterFamily(prefix, name, own));
    }
    for (const latency of LATENCY_NAMES) lines.push(...latencyFamilies(prefix, latency, own));
    for (const routine of ['isr', 'dpc'] as const) {
      lines.push(...executionFamilies(prefix, routine, own));
    }
    if (kind === 'processor') lines.push(...timeFamily(prefix, own));
    if (kind === 'machine') lines.push(...decisionFamilies(own));
  }
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function* scopesOf({ results }: Exported): Generator<Scope> {
  for (const { label, document } of results) {
    for (const result of document.results) {
      const common: [string, string][] = [
        ...(label === '' ? [] : ([['result', label]] as [string, string][])),
        ['scenario', document.scenario.name],
        ['seed', String(document.meta.seed)],
        ['policy', result.policy],
      ];
      const at = (kind: ScopeName, of: Scope['of'], index: number, name: string): Scope => ({
        kind,
        labels: labelText(kind === 'machine' ? common : [...common, [kind, name]]),
        of,
        result,
        index,
      });
      yield at('machine', result, 0, '');
      for (const [i, source] of result.sources.entries())
        yield at('source', source, i, source.name);
      for (const [i, each] of result.processors.entries()) {
        yield at('processor', each, i, String(each.index));
      }
    }
  }
}

function labelText(labels: readonly [string, string][]): string {
  return labels
    .map(([name, value]) => {
      const text = visibleLine(value).replace(/[\\"]/g, '\\$&');
      return `${name}="${text}"`;
    })
    .join(',');
}

function counterFamily(prefix: string, counter: RateName, scopes: readonly Scope[]): string[] {
  const isTime = counter.endsWith('Ns');
  // What is there at the end is no count of what happened.
  const isLevel = counter === 'stillQueued';
  const name = isTime
    ? `${prefix}_${snake(counter.slice(0, -'Ns'.length))}_seconds`
    : `${prefix}_${snake(counter)}`;
  const samples = scopes.flatMap(({ labels, of }) => {
    const count = countOf(of.counters, counter);
    if (count === null) return [];
    return [`${name}${isLevel ? '' : '_total'}{${labels}} ${isTime ? seconds(count) : count}`];
  });
  if (samples.length === 0) return [];
  const unit = isTime ? [`# UNIT ${name} seconds`] : [];
  return [`# TYPE ${name} ${isLevel ? 'gauge' : 'counter'}`, ...unit, ...samples];
}

type LatencyName = (typeof LATENCY_NAMES)[number];

function latencyFamilies(prefix: string, latency: LatencyName, scopes: readonly Scope[]): string[] {
  const name = `${prefix}_${snake(latency)}_seconds`;
  const most = `${prefix}_${snake(latency)}_max_seconds`;
  const summaries = scopes.flatMap(({ labels, of }) => {
    const summary = of.latency[latency];
    const quantiles = QUANTILES.flatMap(([quantile, key]) => {
      const ns = summary[key];
      if (ns === null || summary.count === 0) return [];
      return [`${name}{${labels},quantile="${quantile}"} ${seconds(ns)}`];
    });
    return [
      ...quantiles,
      `${name}_count{${labels}} ${summary.count}`,
      `${name}_sum{${labels}} ${seconds(summary.sumNs)}`,
    ];
  });
  const maxima = scopes
    .filter(({ of }) => of.latency[latency].count > 0)
    .map(({ labels, of }) => `${most}{${labels}} ${seconds(of.latency[latency].maxNs)}`);
  return [
    `# TYPE ${name} summary`,
    `# UNIT ${name} seconds`,
    ...summaries,
    ...(maxima.length === 0 ? [] : [`# TYPE ${most} gauge`, `# UNIT ${most} seconds`, ...maxima]),
  ];
}

function executionFamilies(
  prefix: string,
  routine: 'isr' | 'dpc',
  scopes: readonly Scope[],
): string[] {
  const name = `${prefix}_${routine}_execution_seconds`;
  const most = `${prefix}_${routine}_execution_max_seconds`;
  const known = scopes.flatMap(({ labels, of: { execution } }) =>
    execution === null ? [] : [{ labels, times: execution[routine] }],
  );
  if (known.length === 0) return [];
  return [
    `# TYPE ${name} counter`,
    `# UNIT ${name} seconds`,
    ...known.map(({ labels, times }) => `${name}_total{${labels}} ${seconds(times.totalNs)}`),
    `# TYPE ${most} gauge`,
    `# UNIT ${most} seconds`,
    ...known.map(({ labels, times }) => `${most}{${labels}} ${seconds(times.maxNs)}`),
  ];
}

/** DPCs by the situation in which they were queued, and how long they waited. */
function decisionFamilies(machines: readonly Scope[]): string[] {
  const decisions = machines.flatMap(({ labels, result }) =>
    (result.decisions ?? []).map((decision) => ({
      labels: `${labels},${situationLabels(decision)}`,
      ...decision,
    })),
  );
  if (decisions.length === 0) return [];
  const [inserts, wait] = ['dpcbench_decision_inserts', 'dpcbench_decision_wait_seconds'];
  const most = 'dpcbench_decision_wait_max_seconds';
  return [
    `# TYPE ${inserts} counter`,
    ...decisions.map((each) => `${inserts}_total{${each.labels}} ${each.inserts}`),
    `# TYPE ${wait} summary`,
    `# UNIT ${wait} seconds`,
    ...decisions.flatMap(({ labels, wait: { count, p50Ns, p99Ns, sumNs } }) => [
      ...(p50Ns === null ? [] : [`${wait}{${labels},quantile="0.5"} ${seconds(p50Ns)}`]),
      ...(p99Ns === null ? [] : [`${wait}{${labels},quantile="0.99"} ${seconds(p99Ns)}`]),
      `${wait}_count{${labels}} ${count}`,
      `${wait}_sum{${labels}} ${seconds(sumNs)}`,
    ]),
    `# TYPE ${most} gauge`,
    `# UNIT ${most} seconds`,
    ...decisions
      .filter((each) => each.wait.count > 0)
      .map((each) => `${most}{${each.labels}} ${seconds(each.wait.maxNs)}`),
  ];
}

function situationLabels({ target, importance, threaded, facts, request }: Decision): string {
  return labelText([
    ['target', target],
    ['importance', importance],
    ['threaded', String(threaded)],
    ['facts', facts.join('+')],
    ['request', request],
  ]);
}

function timeFamily(prefix: string, scopes: readonly Scope[]): string[] {
  const name = `${prefix}_time_seconds`;
  const samples = scopes.flatMap(({ labels, result, index }) =>
    Object.entries(result.processors[index].timeSplit).map(
      ([part, ns]) =>
        `${name}_total{${labels},in="${snake(part.slice(0, -'Ns'.length))}"} ${seconds(ns)}`,
    ),
  );
  return [`# TYPE ${name} counter`, `# UNIT ${name} seconds`, ...samples];
}

/** `interruptToDpc` as `interrupt_to_dpc`. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function seconds(ns: number): number {
  return ns / NS_PER_SECOND;
}
