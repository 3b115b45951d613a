import type { TimeSplit } from '../result/outcome.js';
import type { PolicyResult, ResultDocument } from '../result/document.js';
import { formatCount } from '../units.js';
import { formatShare, threeDigits } from './format.js';
import { intervalColumns } from './interval-tables.js';
import type { ColumnModel, FigureModel, TableModel, ViewModel } from './model.js';
import { capRows } from './table.js';

/** Every successful insert ends in exactly one of the four (R10). */
const REQUESTS = [
  ['Sent as IPI', 'ipis'],
  ['Suppressed: target draining or already asked', 'suppressed'],
  ['Declined: the rule asks for nothing', 'declined'],
  ['Local DISPATCH interrupt', 'localRequests'],
] as const;

const ACTIVITIES: readonly [string, keyof TimeSplit][] = [
  ['ISR', 'isrNs'],
  ['Clock', 'clockNs'],
  ['IPI handler', 'ipiNs'],
  ['DISPATCH drain', 'dispatchDrainNs'],
  ['Idle drain', 'idleDrainNs'],
  ['Thread', 'threadNs'],
  ['DPC thread', 'dpcThreadNs'],
  ['Idle', 'idleNs'],
];

/** Those that the scenario's results have: not every one has threaded DPCs. */
function activitiesOf(results: readonly PolicyResult[]): typeof ACTIVITIES {
  return ACTIVITIES.filter(([, key]) =>
    results.some(({ processors }) => processors.some(({ timeSplit }) => key in timeSplit)),
  );
}

/** What became of each queued DPC, by policy. */
export function requestsFigure({ results }: ResultDocument, id: string): FigureModel {
  const columns = REQUESTS.map(([label, counter]) => ({
    label,
    unit: 'count' as const,
    values: results.map((result) => result.counters[counter]),
  }));
  const table: TableModel = {
    caption: 'Requests by policy',
    columns: [
      { label: 'Policy', unit: 'name', values: results.map((result) => result.policy) },
      { label: 'DPCs queued', unit: 'count', values: results.map((r) => r.counters.inserts) },
      ...columns,
      {
        label: 'IPIs per 1,000 interrupts',
        unit: 'decimal',
        values: results.map((result) => perThousand(result)),
      },
    ],
    note: '',
  };
  const parts = results.map(
    ({ policy, counters }) =>
      `${policy}: ${formatCount(counters.ipis)} IPIs of ${formatCount(counters.inserts)} DPCs`,
  );
  return {
    id: `${id}-requests`,
    title: 'IPIs by policy and reason',
    note: 'What queueing a DPC asked of its target processor. The four add up to the DPCs queued.',
    views: [
      {
        latency: null,
        note: '',
        summary: `Bar chart of requests. ${parts.join('; ')}.`,
        chart: {
          kind: 'bars',
          categories: REQUESTS.map(([label]) => label),
          values: results.map(({ counters }) => REQUESTS.map(([, counter]) => counters[counter])),
        },
        table,
      },
    ],
  };
}

/** IPIs for each thousand interrupts that arrived; a dash when none did. */
export function perThousand({ counters }: PolicyResult): number | string {
  return counters.arrivals === 0 ? '–' : (counters.ipis / counters.arrivals) * 1000;
}

/** Where the processors' time went, all of them together. */
export function timeFigure({ results }: ResultDocument, id: string): FigureModel {
  const activities = activitiesOf(results);
  const shares = results.map((result) => {
    const sums = activities.map(([, key]) =>
      result.processors.reduce((sum, processor) => sum + (processor.timeSplit[key] ?? 0), 0),
    );
    const total = sums.reduce((sum, ns) => sum + ns, 0);
    return sums.map((ns) => (total === 0 ? 0 : ns / total));
  });
  const parts = results.map(({ policy }, i) => {
    const share = (...keys: (keyof TimeSplit)[]): string =>
      formatShare(
        activities.reduce(
          (sum, [, key], part) => sum + (keys.includes(key) ? shares[i][part] : 0),
          0,
        ),
      );
    return (
      `${policy}: ${share('isrNs', 'clockNs', 'ipiNs')} interrupts, ` +
      `${share('dispatchDrainNs', 'idleDrainNs', 'dpcThreadNs')} DPCs, ` +
      `${share('threadNs')} threads`
    );
  });
  return {
    id: `${id}-time`,
    title: 'Processor time by policy',
    note: 'All processors together. Idle is the rest: halted, polling or waking.',
    views: [
      {
        latency: null,
        note: '',
        summary: `Stacked bars of processor time. ${parts.join('; ')}.`,
        chart: { kind: 'stack', parts: activities.map(([label]) => label), shares },
        table: {
          caption: 'Processor time by policy',
          columns: [
            { label: 'Policy', unit: 'name', values: results.map((result) => result.policy) },
            ...activities.flatMap(([label, key], part): ColumnModel[] => [
              { label, unit: 'share', values: shares.map((row) => row[part]) },
              ...intervalColumns(
                label,
                results.map(({ load }) => load?.timeShares[key]),
                'share',
              ),
            ]),
          ],
          note: '',
        },
      },
    ],
  };
}

/** The depth of each processor's DPC queue: its maximum and its mean over time, a figure each. */
export function depthFigures(document: ResultDocument, id: string): FigureModel[] {
  return [
    {
      id: `${id}-depth-maximum`,
      title: 'Queue depth, maximum',
      note: 'The most DPCs that were queued to each processor at once.',
      views: [depthView(document, 'maximum')],
    },
    {
      id: `${id}-depth-mean`,
      title: 'Queue depth, mean over time',
      note: 'DPCs queued to each processor, weighted by how long they were.',
      views: [depthView(document, 'mean')],
    },
  ];
}

function depthView({ results }: ResultDocument, figure: 'maximum' | 'mean'): ViewModel {
  const values = results.map((result) => result.processors.map((p) => p.queueDepth[figure]));
  const processors = results[0]?.processors.map((processor) => processor.index) ?? [];
  const { kept, note } = capRows(processors, 'processors[] of each result');
  const parts = results.map(({ policy }, i) => {
    const deepest = values[i].reduce((best, depth, at, all) => (depth > all[best] ? at : best), 0);
    const depth = values[i][deepest] ?? 0;
    return `${policy}: deepest on processor ${deepest} with ${threeDigits(depth)}`;
  });
  return {
    latency: null,
    note: '',
    summary: `Queue depth by processor, ${figure}. ${parts.join('; ')}.`,
    chart: { kind: 'columns', values },
    table: {
      caption: `Queue depth by processor, ${figure}`,
      columns: [
        { label: 'Processor', unit: 'count', values: kept },
        ...results.flatMap(({ policy, processors: all }, i): ColumnModel[] => [
          { label: policy, unit: 'decimal', values: kept.map((_, row) => values[i][row] ?? '–') },
          ...(figure === 'maximum'
            ? []
            : intervalColumns(
                policy,
                kept.map((_, row) => all[row]?.load?.meanDepth),
                'rate',
              )),
        ]),
      ],
      note,
    },
  };
}
