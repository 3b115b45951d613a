import { addCounts, type SparseCounts } from './sparse-counts.js';

/**
 * The census of decisions: every DPC that is linked to a queue falls into a cell, a situation in
 * which the request rule (R10) was asked. Sums are exact, whatever is added first.
 */

/**
 * The DPCs that were linked in one situation, and what those of them that were taken waited, by
 * bucket of DECISION_BUCKETS.
 */
export interface CensusCell extends SparseCounts {
  /** A number made of CELL_* (assembly/shared/abi.ts). */
  cell: number;
  inserts: number;
  sumNs: bigint;
  /** The longest wait; 0 when none was taken. */
  maxNs: number;
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
  return {
    cell: a.cell,
    inserts: a.inserts + b.inserts,
    sumNs: a.sumNs + b.sumNs,
    maxNs: Math.max(a.maxNs, b.maxNs),
    ...addCounts(a, b),
  };
}
