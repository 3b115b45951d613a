/**
 * The census of decisions: every DPC that is linked to a queue falls into a cell, a situation in
 * which the request rule (R10) was asked. Sums are exact, whatever is added first.
 */

/** The DPCs that were linked in one situation, and what those of them that were taken waited. */
export interface CensusCell {
  /** A number made of CELL_* (assembly/shared/abi.ts). */
  cell: number;
  inserts: number;
  sumNs: bigint;
  /** The longest wait; 0 when none was taken. */
  maxNs: number;
  /** The buckets (DECISION_BUCKETS) that hold waits, ascending, and how many each holds. */
  buckets: Uint16Array;
  counts: Float64Array;
}

/** The waits in a cell, from the counts of all its buckets. */
export function waitsOf(counts: ArrayLike<number>): Pick<CensusCell, 'buckets' | 'counts'> {
  const used: number[] = [];
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) used.push(i);
  return {
    buckets: Uint16Array.from(used),
    counts: Float64Array.from(used, (bucket) => counts[bucket]),
  };
}

/** Both together, by ascending cell. */
export function addCensus(a: readonly CensusCell[], b: readonly CensusCell[]): CensusCell[] {
  const sums = new Map(a.map((cell) => [cell.cell, cell]));
  for (const cell of b) {
    const other = sums.get(cell.cell);
    sums.set(cell.cell, other === undefined ? cell : addCells(other, cell));
  }
  return [...sums.values()].sort((one, other) => one.cell - other.cell);
}

function addCells(a: CensusCell, b: CensusCell): CensusCell {
  const counts = new Map(Array.from(a.buckets, (bucket, i) => [bucket, a.counts[i]]));
  b.buckets.forEach((bucket, i) => counts.set(bucket, (counts.get(bucket) ?? 0) + b.counts[i]));
  const buckets = Uint16Array.from(counts.keys()).sort();
  return {
    cell: a.cell,
    inserts: a.inserts + b.inserts,
    sumNs: a.sumNs + b.sumNs,
    maxNs: Math.max(a.maxNs, b.maxNs),
    buckets,
    counts: Float64Array.from(buckets, (bucket) => counts.get(bucket)!),
  };
}
