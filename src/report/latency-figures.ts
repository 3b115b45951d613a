import type { LatencySummary, ResultDocument, ScopeResult } from '../result/document.js';
import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { IMPORTANCES } from '../policy/policy.js';
import { formatCount, formatNs } from '../units.js';
import { binForDrawing, percentileAxis, percentileCurve } from './distribution.js';
import { TOO_FEW, formatPercentile, formatShare } from './format.js';
import { intervalColumns } from './interval-tables.js';
import type {
  ColumnModel,
  FigureModel,
  LinesChart,
  RangesChart,
  TableModel,
  ViewModel,
} from './model.js';
import { capRows } from './table.js';

/** What each latency is called in a report. */
export const LATENCY_LABELS: Record<LatencyName, string> = {
  dpcWait: 'DPC wait (queued to started)',
  isrWait: 'ISR wait (arrival to acceptance)',
  interruptToDpc: 'Interrupt to DPC (arrival to taken by its routine)',
};

const SHORT_LABELS: Record<LatencyName, string> = {
  dpcWait: 'DPC wait',
  isrWait: 'ISR wait',
  interruptToDpc: 'Interrupt to DPC',
};

/** Sources that the chart shows; the table beneath holds more. */
export const CHARTED_SOURCES = 12;

const PERCENTILES = [
  ['p50', 'p50Ns'],
  ['p90', 'p90Ns'],
  ['p99', 'p99Ns'],
  ['p99.9', 'p999Ns'],
  ['p99.99', 'p9999Ns'],
] as const;

/** A percentile for a table: null for too few samples, a dash where there are none at all. */
export function latencyCell(
  summary: LatencySummary,
  key: Exclude<keyof LatencySummary, 'count'>,
): string | number | null {
  return summary.count === 0 ? '–' : summary[key];
}

/** Latency percentiles, distribution, and latency by source: one view for each kind of latency. */
export function latencyFigures(document: ResultDocument, id: string): FigureModel[] {
  return [
    {
      id: `${id}-percentiles`,
      title: 'Latency percentiles by policy',
      note:
        'Each step to the right is a tenth of the samples that remain: the further right, the ' +
        'rarer. A line ends where fewer than ten samples lie beyond it.',
      views: LATENCY_NAMES.map((latency) => percentileView(document, latency)),
    },
    {
      id: `${id}-distribution`,
      title: 'Latency distribution by policy',
      note: 'Share of the samples in each bin, ten bins of equal width to a decade.',
      views: LATENCY_NAMES.map((latency) => distributionView(document, latency)),
    },
    {
      id: `${id}-sources`,
      title: 'Latency by source and importance',
      note: sourceNote(document.scenario.sources.length),
      views: LATENCY_NAMES.map((latency) => sourceView(document, latency)),
    },
  ];
}

function percentileView({ results }: ResultDocument, latency: LatencyName): ViewModel {
  const x = percentileAxis();
  const values = results.map((result) =>
    percentileCurve(result.distribution[latency], result.latency[latency], x),
  );
  const chart: LinesChart = { kind: 'lines', x, xScale: 'percentile', yScale: 'ns', values };
  const table: TableModel = {
    caption: SHORT_LABELS[latency],
    columns: [
      { label: 'Policy', unit: 'name', values: results.map((result) => result.policy) },
      { label: 'Samples', unit: 'count', values: results.map((r) => r.latency[latency].count) },
      ...([['min', 'minNs'], ['mean', 'meanNs'], ...PERCENTILES, ['max', 'maxNs']] as const).map(
        ([label, key]) => ({
          label,
          unit: 'ns' as const,
          values: results.map((result) => latencyCell(result.latency[latency], key)),
        }),
      ),
    ],
    note: '',
  };
  const parts = results.map(({ policy, latency: { [latency]: summary } }) =>
    summary.count === 0
      ? `${policy}: no samples`
      : `${policy}: median ${textOf(summary.p50Ns)}, p99 ${textOf(summary.p99Ns)}, ` +
        `${formatPercentile(10000)} ${textOf(summary.p9999Ns)}`,
  );
  return {
    latency,
    chart,
    table,
    note: '',
    summary: `Line chart of ${SHORT_LABELS[latency]} by percentile. ${parts.join('; ')}.`,
  };
}

function distributionView({ results }: ResultDocument, latency: LatencyName): ViewModel {
  const bins = binForDrawing(results.map((result) => result.distribution[latency]));
  const rows = bins.edgesNs.slice(0, -1);
  const zeros = bins.zeroShares.some((share) => share > 0);
  const low = [...(zeros ? [0] : []), ...rows];
  const high = [...(zeros ? ['0 ns'] : []), ...bins.edgesNs.slice(1)];
  const table: TableModel = {
    caption: SHORT_LABELS[latency],
    columns: [
      { label: 'From', unit: 'ns', values: low },
      { label: 'To under', unit: 'ns', values: high },
      ...results.map((result, i) => ({
        label: result.policy,
        unit: 'share' as const,
        values: [...(zeros ? [bins.zeroShares[i]] : []), ...bins.shares[i]],
      })),
    ],
    note: '',
  };
  const parts = results.map((result, i) => {
    const top = bins.shares[i].reduce((best, share, at, all) => (share > all[best] ? at : best), 0);
    if (result.latency[latency].count === 0) return `${result.policy}: no samples`;
    if (rows.length === 0) return `${result.policy}: all 0 ns`;
    return (
      `${result.policy}: most samples from ${formatNs(bins.edgesNs[top])} to ` +
      `${formatNs(bins.edgesNs[top + 1])}`
    );
  });
  const waitless = results.map(({ policy }, i) => `${policy} ${formatShare(bins.zeroShares[i])}`);
  return {
    latency,
    chart: {
      kind: 'lines',
      x: bins.edgesNs,
      xScale: 'ns',
      yScale: 'share',
      // A step holds until the next x, so the last edge closes the last bin.
      values: bins.shares.map((shares) => (rows.length === 0 ? [] : [...shares, 0])),
    },
    table,
    note: zeros ? `Samples of 0 ns, not drawn: ${waitless.join(', ')}.` : '',
    summary: `Histogram of ${SHORT_LABELS[latency]} on a logarithmic axis. ${parts.join('; ')}.`,
  };
}

type SimulatedSource = ResultDocument['scenario']['sources'][number];

/** The importance of a source's DPC, or what it has instead. */
export function importanceOf(source: SimulatedSource | undefined): string {
  if (source === undefined) return '–';
  if (source.kind === 'timer') return 'medium (timer)';
  return source.dpc === null ? 'ISR only' : source.dpc.importance;
}

function sourceNote(count: number): string {
  const shown =
    count > CHARTED_SOURCES
      ? ` The ${CHARTED_SOURCES} of ${formatCount(count)} sources with the longest tails are drawn.`
      : '';
  return (
    `From the median (ring) to p99 (dot), on a logarithmic axis, sources in the order of ` +
    `their importance.${shown}`
  );
}

function sourceView({ scenario, results }: ResultDocument, latency: LatencyName): ViewModel {
  const byName = new Map(scenario.sources.map((source) => [source.name, source]));
  const names = (results[0]?.sources ?? []).map((source) => source.name);
  const importance = names.map((name) => importanceOf(byName.get(name)));
  const scopes = results.map((result) => result.sources);
  const order = names
    .map((_, i) => i)
    .filter((i) => scopes.some((sources) => (sources[i]?.latency[latency].count ?? 0) > 0));
  // Where there are too few samples for a p99 the maximum decides, after all that have one.
  const worstOf = (i: number, key: 'p99Ns' | 'maxNs'): number =>
    Math.max(...scopes.map((sources) => sources[i]?.latency[latency][key] ?? 0));
  const tails = new Map(order.map((i) => [i, [worstOf(i, 'p99Ns'), worstOf(i, 'maxNs')] as const]));
  const longest = [...order].sort((a, b) => {
    const [[aP99, aMax], [bP99, bMax]] = [tails.get(a)!, tails.get(b)!];
    return bP99 - aP99 || bMax - aMax || a - b;
  });
  const drawn = longest
    .slice(0, CHARTED_SOURCES)
    .sort((a, b) => rankOf(importance[a]) - rankOf(importance[b]) || a - b);
  const chart: RangesChart = {
    kind: 'ranges',
    categories: drawn.map((i) => names[i]),
    details: drawn.map((i) => importance[i]),
    lowNs: scopes.map((sources) => drawn.map((i) => boundOf(sources[i], latency, 'p50Ns'))),
    highNs: scopes.map((sources) => drawn.map((i) => boundOf(sources[i], latency, 'p99Ns'))),
  };
  const worst = longest[0];
  return {
    latency,
    chart,
    note: '',
    table: sourceTable(SHORT_LABELS[latency], { names, importance, order, results, latency }),
    summary:
      worst === undefined
        ? `${SHORT_LABELS[latency]} by source: no samples.`
        : `${SHORT_LABELS[latency]} by source, median to p99. The longest tail is that of ` +
          `${names[worst]} (${importance[worst]}): ${tailText(tails.get(worst)!)}.`,
  };
}

interface SourceRows {
  names: string[];
  importance: string[];
  order: number[];
  results: ResultDocument['results'];
  latency: LatencyName;
}

function sourceTable(caption: string, rows: SourceRows): TableModel {
  const { names, importance, order, results, latency } = rows;
  const cells = order.flatMap((i) => results.map((result) => ({ i, result })));
  const { kept, note } = capRows(cells, 'sources[] of each result');
  const summaries = kept.map(({ i, result }) => result.sources[i]?.latency[latency]);
  const intervals = kept.map(({ i, result }) => result.sources[i]?.intervals ?? null);
  return {
    caption,
    columns: [
      { label: 'Source', unit: 'name', values: kept.map(({ i }) => names[i]) },
      { label: 'Importance', unit: 'text', values: kept.map(({ i }) => importance[i]) },
      { label: 'Policy', unit: 'name', values: kept.map(({ result }) => result.policy) },
      { label: 'Samples', unit: 'count', values: summaries.map((s) => s?.count ?? '–') },
      ...(
        [
          ['p50', 'p50Ns'],
          ['p99', 'p99Ns'],
          ['p99.9', 'p999Ns'],
          ['max', 'maxNs'],
        ] as const
      ).flatMap(([label, key]): ColumnModel[] => [
        {
          label,
          unit: 'ns',
          values: summaries.map((s) => (s === undefined ? '–' : latencyCell(s, key))),
        },
        ...(key === 'maxNs'
          ? []
          : intervalColumns(
              label,
              intervals.map((each) => each?.latency[latency][key]),
              'ns',
            )),
      ]),
    ],
    note,
  };
}

function tailText([p99Ns, maxNs]: readonly [number, number]): string {
  return p99Ns > 0 ? `p99 ${formatNs(p99Ns)}` : `at most ${formatNs(maxNs)}`;
}

function boundOf(
  source: ScopeResult | undefined,
  latency: LatencyName,
  key: 'p50Ns' | 'p99Ns',
): number | null {
  const summary = source?.latency[latency];
  return summary === undefined || summary.count === 0 ? null : summary[key];
}

function rankOf(importance: string): number {
  const rank = IMPORTANCES.findIndex((name) => importance.startsWith(name));
  // `mediumHigh` starts with `medium` too.
  if (importance === 'mediumHigh') return IMPORTANCES.indexOf('mediumHigh');
  return rank < 0 ? IMPORTANCES.length : rank;
}

function textOf(ns: number | null): string {
  return ns === null ? TOO_FEW : formatNs(ns);
}
