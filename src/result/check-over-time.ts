import type { Spot } from '../scenario/shape.js';
import { formatCount } from '../units.js';
import type { PolicyResult, ResultDocument } from './document.js';
import type { OverTimeColumns } from './over-time-shape.js';
import { groupCount, groupSize, rowLow, rowOf } from './over-time.js';

/**
 * What relates figures over time to each other and to the rest of a result: bins follow each other,
 * columns hold a value for each of them, and all bins together hold what the first shard counted.
 */
export function checkOverTime(
  { meta, results }: ResultDocument,
  result: PolicyResult,
  spot: Spot,
): void {
  const { overTime } = result;
  if (overTime === null) return;
  const binNs = results[0].overTime?.binNs;
  if (overTime.binNs !== binNs) {
    spot.at('binNs').problem('expected bins as wide as under the first policy');
  }
  if (!checkColumns(overTime, meta.processors, spot)) return;
  checkEnds(overTime, spot);
  checkRows(overTime, spot.at('waits'));
  checkBusy(overTime, spot.at('processors').at('busyNs'));
  checkSums(overTime, result, meta.shards === 1, spot);
}

/** Are there as many values in each column as there are bins? */
function checkColumns(overTime: OverTimeColumns, processors: number, spot: Spot): boolean {
  const { arrivals, endsNs, ipis, processors: groups, queuedNs, waits } = overTime;
  const { count, counts, lowNs, maxNs, p50Ns, p99Ns } = waits;
  const columns = [arrivals, ipis, queuedNs, count, maxNs, p50Ns, p99Ns];
  const isEven = [...columns, ...counts, ...groups.busyNs].every(
    (column) => column.length === endsNs.length,
  );
  if (!isEven || counts.length !== lowNs.length) spot.problem('the columns differ in length');
  const isWhole =
    groups.perGroup === groupSize(processors) && groups.busyNs.length === groupCount(processors);
  if (!isWhole) {
    spot.at('processors').problem(`those are not the groups of ${formatCount(processors)}`);
  }
  return isEven && counts.length === lowNs.length && isWhole;
}

function checkEnds({ binNs, endsNs, warmupNs }: OverTimeColumns, spot: Spot): void {
  const wrong = endsNs.findIndex(
    (endNs, i) =>
      endNs <= (endsNs[i - 1] ?? 0) ||
      endNs - (endsNs[i - 1] ?? 0) > binNs ||
      (i < endsNs.length - 1 && (endNs - warmupNs) % binNs !== 0),
  );
  if (wrong < 0) return;
  spot
    .at('endsNs')
    .at(wrong)
    .problem(`no bin of ${formatCount(binNs)} ns ends there`);
}

function checkRows({ waits: { count, counts, lowNs } }: OverTimeColumns, spot: Spot): void {
  const odd = lowNs.findIndex(
    (low, i) => rowLow(rowOf(low)) !== low || (i > 0 && low <= lowNs[i - 1]),
  );
  if (odd >= 0) {
    spot.at('lowNs').at(odd).problem(`no row begins at ${lowNs[odd]}, or not above the one before`);
  }
  const wrong = count.findIndex(
    (samples, bin) => samples !== counts.reduce((sum, row) => sum + row[bin], 0),
  );
  if (wrong >= 0) spot.at('count').at(wrong).problem('expected the sum of its rows');
}

/** No processor works longer than time goes. */
function checkBusy(
  { endsNs, processors: { busyNs, perGroup } }: OverTimeColumns,
  spot: Spot,
): void {
  busyNs.forEach((row, group) => {
    const wrong = row.findIndex(
      (ns, bin) => ns > (endsNs[bin] - (endsNs[bin - 1] ?? 0)) * perGroup,
    );
    if (wrong >= 0) spot.at(group).at(wrong).problem('more time than the bin has');
  });
}

/** The first shard is a part of the whole, or all of it. */
function checkSums(
  { arrivals, endsNs, ipis, waits, warmupNs }: OverTimeColumns,
  { counters, latency }: PolicyResult,
  isAll: boolean,
  spot: Spot,
): void {
  const sums: [string, readonly number[], number][] = [
    ['arrivals', arrivals, counters.arrivals],
    ['ipis', ipis, counters.ipis],
    ['waits', waits.count, latency.dpcWait.count],
  ];
  for (const [what, column, whole] of sums) {
    const sum = column.reduce((all, each, bin) => (endsNs[bin] > warmupNs ? all + each : all), 0);
    if (sum === whole || (!isAll && sum < whole)) continue;
    spot.problem(
      `after the warm-up they add up to ${formatCount(sum)} ${what}, not to ` +
        `${isAll ? '' : 'at most '}${formatCount(whole)}`,
    );
  }
}
