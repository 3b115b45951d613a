import type { LatencySummary, ResultDocument } from '../result/document.js';
import { LATENCY_NAMES, type LatencyName } from '../result/figures.js';
import { IMPORTANCE_LABELS } from '../policy/situations.js';
import { formatNs } from '../units.js';
import { beyondChart } from './distribution.js';
import { FEW_WORDS } from './format.js';
import type { FigureModel, TableModel, ViewModel } from './model.js';

/** What each latency is called in a report. */
export const LATENCY_LABELS: Record<LatencyName, string> = {
  dpcWait: 'DPC latency (queued to started)',
  isrWait: 'ISR wait (arrival to acceptance)',
  interruptToDpc: 'Interrupt to DPC (arrival to taken by its routine)',
};

export const SHORT_LABELS: Record<LatencyName, string> = {
  dpcWait: 'DPC latency',
  isrWait: 'ISR wait',
  interruptToDpc: 'Interrupt to DPC',
};

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

/** The complementary distribution of each kind of latency, one view for each. */
export function latencyFigure(document: ResultDocument, id: string): FigureModel {
  return {
    id: `${id}-latency`,
    title: 'How long they wait',
    note:
      'Up: the share of samples longer than the latency across; each line down is a tenth ' +
      'of the one above. A line ends where fewer than ten samples lie beyond it.',
    views: LATENCY_NAMES.map((latency) => latencyView(document, latency)),
  };
}

function latencyView({ results }: ResultDocument, latency: LatencyName): ViewModel {
  const parts = results.map(({ policy, latency: { [latency]: summary } }) =>
    summary.count === 0
      ? `${policy}: no samples`
      : `${policy}: median ${textOf(summary.p50Ns)}, p99 ${textOf(summary.p99Ns)}, ` +
        `p99.99 ${textOf(summary.p9999Ns)}`,
  );
  const chart = beyondChart(results.map(({ distribution }) => distribution[latency]));
  return {
    latency,
    chart,
    table: percentileTable(results, latency),
    note: '',
    summary:
      `Share of samples longer than each ${SHORT_LABELS[latency]}, on logarithmic axes. ` +
      `${parts.join('; ')}.`,
  };
}

function percentileTable(results: ResultDocument['results'], latency: LatencyName): TableModel {
  return {
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
}

type SimulatedSource = ResultDocument['scenario']['sources'][number];

/** The importance of a source's DPC, or what it has instead. */
export function importanceOf(source: SimulatedSource | undefined): string {
  if (source === undefined) return '–';
  if (source.kind === 'timer') return 'timer';
  if (source.dpc === null) return 'ISR only';
  return source.dpc.threaded ? 'threaded' : IMPORTANCE_LABELS[source.dpc.importance];
}

function textOf(ns: number | null): string {
  return ns === null ? FEW_WORDS : formatNs(ns);
}
