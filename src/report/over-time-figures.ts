import type { ResultDocument } from '../result/document.js';
import type { OverTimeColumns } from '../result/over-time-shape.js';
import { binAt, binSpansNs, groupLoads } from '../result/over-time.js';
import { formatNs } from '../units.js';
import type { ColumnModel, OverTimeModel, TableModel, TimedPolicy } from './model.js';

/** A table for those who do not see the pictures has at most about so many rows. */
const MOST_SLICES = 16;

/** The first shard of each policy over its simulated time; null where that was not kept. */
export function overTimeOf({ meta, results }: ResultDocument, id: string): OverTimeModel | null {
  const all = results.flatMap(({ overTime }) => overTime ?? []);
  if (all.length < results.length || all[0].endsNs.length === 0) return null;
  const [{ binNs, warmupNs }] = all;
  return {
    id: `${id}-over-time`,
    warmupNs,
    binNs,
    lastsNs: Math.max(...all.map(({ endsNs }) => endsNs.at(-1) ?? 0)),
    shards: meta.shards,
    processors: meta.processors,
    policies: all.map((columns) => timedPolicy(columns, meta.processors)),
    table: sliceTable(
      all,
      results.map(({ policy }) => policy),
      meta.processors,
    ),
  };
}

function timedPolicy(columns: OverTimeColumns, machine: number): TimedPolicy {
  const { binNs, endsNs, ipis, queuedNs, waits, warmupNs } = columns;
  const spansNs = binSpansNs(columns);
  // A rate of a sliver of time is nothing but chance.
  const rate = (column: readonly number[], per: number): (number | null)[] =>
    column.map((value, i) => (2 * spansNs[i] < binNs ? null : (value / spansNs[i]) * per));
  return {
    places: endsNs.map((endNs) => binAt({ warmupNs, binNs }, endNs)),
    endsNs,
    waits,
    ipisPerSecond: rate(ipis, 1e9),
    queued: rate(queuedNs, 1),
    busy: groupLoads(columns, machine),
  };
}

/** Neighbouring bins put together: what adds up, and the longest. */
interface Slice {
  fromNs: number;
  endNs: number;
  dpcs: number;
  ipis: number;
  queuedNs: number;
  busyNs: number;
  maxNs: number;
}

function slicesOf(columns: OverTimeColumns, isFirst: (bin: number) => boolean): Slice[] {
  const { endsNs, ipis, processors, queuedNs, waits } = columns;
  const slices: Slice[] = [];
  endsNs.forEach((endNs, i) => {
    const bin = {
      fromNs: endsNs[i - 1] ?? 0,
      endNs,
      dpcs: waits.count[i],
      ipis: ipis[i],
      queuedNs: queuedNs[i],
      busyNs: processors.busyNs.reduce((sum, row) => sum + row[i], 0),
      maxNs: waits.maxNs[i],
    };
    const last = slices.at(-1);
    if (last === undefined || isFirst(i)) slices.push(bin);
    else {
      last.endNs = endNs;
      last.dpcs += bin.dpcs;
      last.ipis += bin.ipis;
      last.queuedNs += bin.queuedNs;
      last.busyNs += bin.busyNs;
      last.maxNs = Math.max(last.maxNs, bin.maxNs);
    }
  });
  return slices;
}

function sliceTable(
  all: readonly OverTimeColumns[],
  policies: readonly string[],
  processors: number,
): TableModel {
  const most = Math.max(...all.map(({ endsNs }) => endsNs.length));
  const bins = Math.ceil(most / MOST_SLICES);
  const each = all.map((columns) => {
    // Counted from the end of the warm-up, so that no slice lies across it.
    const sliceAt = (i: number): number => Math.floor(binAt(columns, columns.endsNs[i]) / bins);
    return slicesOf(columns, (i) => sliceAt(i) !== sliceAt(i - 1));
  });
  const [longest] = [...each].sort((a, b) => b.length - a.length);
  const { warmupNs } = all[0];
  const columnsOf = (slices: readonly Slice[], policy: string): ColumnModel[] => {
    const values = (of: (slice: Slice, ns: number) => number | string): (number | string)[] =>
      longest.map((_, i) =>
        i < slices.length ? of(slices[i], slices[i].endNs - slices[i].fromNs) : '–',
      );
    return [
      { label: `${policy}: DPCs`, unit: 'count', values: values(({ dpcs }) => dpcs) },
      {
        label: 'longest wait',
        unit: 'ns',
        values: values(({ dpcs, maxNs }) => (dpcs === 0 ? '–' : maxNs)),
      },
      {
        label: 'IPIs per second',
        unit: 'decimal',
        values: values(({ ipis }, ns) => Number(((ipis / ns) * 1e9).toPrecision(3))),
      },
      {
        label: 'DPCs queued',
        unit: 'decimal',
        values: values(({ queuedNs }, ns) => queuedNs / ns),
      },
      {
        label: 'in interrupts and DPCs',
        unit: 'share',
        values: values(({ busyNs }, ns) => busyNs / (ns * processors)),
      },
    ];
  };
  return {
    caption: 'Over simulated time, in fewer and longer steps',
    columns: [
      {
        label: 'Up to',
        unit: 'text',
        values: longest.map(
          ({ endNs }) => formatNs(endNs) + (endNs <= warmupNs ? ' (warm-up)' : ''),
        ),
      },
      ...each.flatMap((slices, policy) => columnsOf(slices, policies[policy])),
    ],
    note: '',
  };
}
