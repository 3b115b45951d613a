import { binSpansNs, groupLoads } from '../result/over-time.js';
import type { OverTimeColumns } from '../result/over-time-shape.js';
import { type Figure, figure, type FigureRow } from './figure-row.js';

type BinRow = Figure & Pick<FigureRow, 'scope' | 'name'>;

/**
 * The first shard of a policy, bin by bin: the machine, named by the bin's number, and neighbouring
 * processors, named `BIN/cpuFIRST-LAST`. Nothing where that was not kept.
 */
export function* overTimeRows(
  columns: OverTimeColumns | null,
  processors: number,
): Generator<BinRow> {
  if (columns === null) return;
  const loads = groupLoads(columns, processors);
  for (const [bin, lastsNs] of binSpansNs(columns).entries()) {
    for (const row of binFigures(columns, bin, lastsNs)) {
      yield { scope: 'bin', name: String(bin), ...row };
    }
    for (const { count, first, shares } of loads) {
      const share = lastsNs === 0 ? null : shares[bin];
      const name = `${bin}/cpu${first}${count > 1 ? `-${first + count - 1}` : ''}`;
      yield { scope: 'bin', name, ...figure('busy', 'share', share) };
    }
  }
}

function binFigures(columns: OverTimeColumns, bin: number, lastsNs: number): Figure[] {
  const { endsNs, arrivals, ipis, queuedNs, waits } = columns;
  const isWaited = waits.count[bin] > 0;
  return [
    figure('begin', 'ns', endsNs[bin - 1] ?? 0),
    figure('end', 'ns', endsNs[bin]),
    figure('arrivals', 'count', arrivals[bin]),
    figure('ipis', 'count', ipis[bin]),
    figure('queueDepth.mean', 'count', lastsNs === 0 ? null : queuedNs[bin] / lastsNs),
    figure('dpcWait.count', 'count', waits.count[bin]),
    figure('dpcWait.p50', 'ns', waits.p50Ns[bin]),
    figure('dpcWait.p99', 'ns', waits.p99Ns[bin]),
    figure('dpcWait.max', 'ns', isWaited ? waits.maxNs[bin] : null),
  ];
}
