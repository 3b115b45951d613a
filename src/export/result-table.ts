import type { Decision } from '../result/decision-shape.js';
import type {
  FigureIntervals,
  LatencySummary,
  LoadIntervals,
  PolicyComparison,
  PolicyResult,
  ProcessorResult,
  ResultDocument,
  ScopeResult,
} from '../result/document.js';
import { countOf, LATENCY_NAMES, type IntervalFigure } from '../result/figures.js';
import type { CounterName, RateName, TimeSplit } from '../result/outcome.js';
import type { GateOutcome } from '../stats/gate.js';
import type { ResultComparison } from '../stats/compare-experiments.js';
import { visibleLine } from '../visible-text.js';
import { type Figure, figure, type FigureRow } from './figure-row.js';
import { overTimeRows } from './over-time-rows.js';

/** What is exported: results, told apart by labels where there are several, and what was judged. */
export interface Exported {
  results: readonly LabelledResult[];
  comparison?: ResultComparison;
  gates?: readonly GateOutcome[];
}

export interface LabelledResult {
  /** Such as `before`; "" for a result that stands alone. */
  label: string;
  document: ResultDocument;
}

export const STATISTICS: readonly { name: string; key: keyof LatencySummary }[] = [
  { name: 'count', key: 'count' },
  { name: 'min', key: 'minNs' },
  { name: 'mean', key: 'meanNs' },
  { name: 'p50', key: 'p50Ns' },
  { name: 'p90', key: 'p90Ns' },
  { name: 'p99', key: 'p99Ns' },
  { name: 'p99.9', key: 'p999Ns' },
  { name: 'p9999', key: 'p9999Ns' },
  { name: 'max', key: 'maxNs' },
];

/**
 * Every figure of every result: of the run, and policies in their order, of each the machine, its
 * sources and processors, what came of the DPCs queued in each situation, and bins of time.
 */
export function* figureRows({ results }: Exported): Generator<FigureRow> {
  for (const { label, document } of results) {
    const { meta, scenario } = document;
    const run = { result: label, scenario: visibleLine(scenario.name), seed: meta.seed };
    const shared = { ...run, policy: '', scope: 'run', name: '' } as const;
    for (const figure of runFigures(meta)) yield { ...shared, ...figure };
    for (const result of document.results) {
      const of = { ...run, policy: visibleLine(result.policy) };
      const comparison = document.comparisons.find(({ policy }) => policy === result.policy);
      const machine = { ...of, scope: 'machine', name: '' } as const;
      for (const figure of machineFigures(result, comparison)) yield { ...machine, ...figure };
      for (const figure of stopFigures(result, meta.shards)) yield { ...machine, ...figure };
      for (const source of result.sources) {
        const scope = { ...of, scope: 'source', name: visibleLine(source.name) } as const;
        for (const figure of scopeFigures(source)) yield { ...scope, ...figure };
      }
      for (const processor of result.processors) {
        const scope = { ...of, scope: 'processor', name: String(processor.index) } as const;
        for (const figure of processorFigures(processor)) yield { ...scope, ...figure };
      }
      for (const decision of result.decisions ?? []) {
        const scope = { ...of, scope: 'decision', name: situationName(decision) } as const;
        for (const figure of decisionFigures(decision)) yield { ...scope, ...figure };
      }
      for (const row of overTimeRows(result.overTime, meta.processors)) yield { ...of, ...row };
    }
  }
}

/** How much was simulated, and whether the machine had forgotten its start by then. */
function runFigures({ shards, durationNs, warmup, settling }: ResultDocument['meta']): Figure[] {
  const isAsked = settling.state !== 'from-start';
  return [
    figure('shards', 'count', shards),
    figure('simulated', 'ns', durationNs),
    figure('warmup', 'ns', warmup.ns),
    figure('settling', 'ns', isAsked ? settling.ns : null),
    figure('settled', 'count', isAsked ? Number(settling.state === 'settled') : null),
  ];
}

/** What watchdogs stopped (R23): how many shards, and the first of them when and where. */
function stopFigures({ stopped }: PolicyResult, shards: number): Figure[] {
  return [
    figure('stopped.shards', 'count', stopped?.shards ?? 0),
    figure('stopped.share', 'share', (stopped?.shards ?? 0) / shards),
    figure('stopped.first.shard', 'count', stopped?.first.shard ?? null),
    figure('stopped.first.processor', 'count', stopped?.first.processor ?? null),
    figure('stopped.first.at', 'ns', stopped?.first.atNs ?? null),
  ];
}

function machineFigures(result: PolicyResult, comparison: PolicyComparison | undefined): Figure[] {
  const { processors, load } = result;
  const split = {} as Record<string, number>;
  for (const { timeSplit } of processors) {
    for (const [part, ns] of Object.entries(timeSplit)) split[part] = (split[part] ?? 0) + ns;
  }
  const meanDepth = processors.reduce((sum, { queueDepth }) => sum + queueDepth.mean, 0);
  return [
    ...scopeFigures(result),
    ...loadFigures(split as unknown as TimeSplit, load, meanDepth),
    ...(comparison === undefined ? [] : ratioFigures(comparison)),
  ];
}

function processorFigures(processor: ProcessorResult): Figure[] {
  const { timeSplit, queueDepth, load } = processor;
  return [
    ...scopeFigures(processor),
    ...loadFigures(timeSplit, load, queueDepth.mean),
    figure('queueDepth.max', 'count', queueDepth.maximum),
  ];
}

/** `target/importance/kind/facts/request`, such as `other/medium/ordinary/over+idle/ipi`. */
function situationName({ target, importance, threaded, facts, request }: Decision): string {
  const kind = threaded ? 'threaded' : 'ordinary';
  return [target, importance, kind, facts.join('+') || '-', request].join('/');
}

function decisionFigures({ inserts, wait }: Decision): Figure[] {
  return [
    figure('inserts', 'count', inserts),
    figure('wait.count', 'count', wait.count),
    figure('wait.mean', 'ns', wait.count === 0 ? null : wait.sumNs / wait.count),
    figure('wait.p50', 'ns', wait.p50Ns),
    figure('wait.p99', 'ns', wait.p99Ns),
    figure('wait.max', 'ns', wait.count === 0 ? null : wait.maxNs),
  ];
}

/**
 * Counters, their rates per 1,000 interrupts of the scope, the statistics of latencies, and how
 * long routines ran.
 */
function scopeFigures({
  counters,
  execution,
  latency,
  intervals,
}: Pick<ScopeResult, 'counters' | 'execution' | 'latency' | 'intervals'>): Figure[] {
  const names = [...(Object.keys(counters) as CounterName[]), 'drains'] as RateName[];
  return [
    ...names.map((name) => figure(name, 'count', countOf(counters, name))),
    ...names.flatMap((name) => rateFigure(name, countOf(counters, name), counters, intervals)),
    ...LATENCY_NAMES.flatMap((name) =>
      STATISTICS.map(({ name: statistic, key }) => {
        const summary = latency[name];
        const isCount = key === 'count';
        const value = summary.count === 0 && !isCount ? null : summary[key];
        const interval = intervals?.latency[name][key as IntervalFigure] ?? null;
        return figure(`${name}.${statistic}`, isCount ? 'count' : 'ns', value, interval);
      }),
    ),
    ...(['isr', 'dpc'] as const).flatMap((kind) => [
      figure(`execution.${kind}.total`, 'ns', execution?.[kind].totalNs ?? null),
      figure(`execution.${kind}.max`, 'ns', execution?.[kind].maxNs ?? null),
    ]),
  ];
}

/** Times in ns have no rate: their share says it. */
function rateFigure(
  name: RateName,
  count: number | null,
  { arrivals }: { arrivals: number },
  intervals: FigureIntervals | null,
): Figure[] {
  if (name === 'threadNs' || name === 'dpcThreadNs') return [];
  const rate = count === null || arrivals === 0 ? null : (count * 1000) / arrivals;
  return [figure(`${name}PerThousand`, 'per1000', rate, intervals?.perThousand[name] ?? null)];
}

/** How time was spent, in ns and as shares of all time, and the mean depth of the DPC queue. */
function loadFigures(split: TimeSplit, load: LoadIntervals | null, meanDepth: number): Figure[] {
  const parts = Object.entries(split) as [keyof TimeSplit, number][];
  const allNs = parts.reduce((sum, [, ns]) => sum + ns, 0);
  return [
    ...parts.map(([part, ns]) => figure(`time.${part}`, 'ns', ns)),
    ...parts.map(([part, ns]) => {
      const interval = load?.timeShares[part] ?? null;
      const name = `timeShare.${part.slice(0, -'Ns'.length)}`;
      return figure(name, 'share', allNs === 0 ? null : ns / allNs, interval);
    }),
    figure('queueDepth.mean', 'count', meanDepth, load?.meanDepth),
  ];
}

/** Against the first policy, shard by shard. */
function ratioFigures({ perThousand, latency }: PolicyComparison): Figure[] {
  const rates = Object.entries(perThousand).map(([name, compared]) => ({
    name: `${name}PerThousand`,
    compared,
  }));
  const latencies = LATENCY_NAMES.flatMap((name) =>
    STATISTICS.map(({ name: statistic, key }) => ({
      name: `${name}.${statistic}`,
      compared: latency[name][key as IntervalFigure],
    })),
  );
  return [...rates, ...latencies].flatMap(({ name, compared }) =>
    compared === null || compared === undefined || compared.ratio === null
      ? []
      : [figure(`ratio.${name}`, 'ratio', compared.ratio, compared.ratioInterval)],
  );
}
