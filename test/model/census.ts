import {
  CELL_SUPPRESSED,
  CELL_THREADED,
  CELL_THREADED_SUPPRESSED,
  CELL_WORD_BITS,
  DECISION_BUCKETS,
} from '../../assembly/shared/abi.js';
import type { CensusCell } from '../../src/result/census.js';
import { sparseCounts } from '../../src/result/sparse-counts.js';
import type { Importance } from '../../src/policy/policy.js';
import { bucketOf, ExactSum } from './tally.js';

const NUMBER_OF: Record<Importance, number> = { low: 0, medium: 1, high: 2, mediumHigh: 3 };
/** The histogram's 1,024 buckets of a doubling are 32 here. */
const COARSER = 5;

interface CellTally {
  inserts: number;
  readonly sum: ExactSum;
  maxNs: number;
  readonly counts: Float64Array;
}

/** Every insert by the situation in which R10 was asked, counted as it happens. */
export class Census {
  private readonly cells = new Map<number, CellTally>();

  /** A DPC is linked: answers its cell. */
  insert(facts: number, importance: Importance, isCurrent: boolean, isSuppressed: boolean): number {
    const condition = NUMBER_OF[importance] + (isCurrent ? 0 : 4);
    const suppressed = isSuppressed ? CELL_SUPPRESSED : 0;
    return this.count(facts + (condition << CELL_WORD_BITS) + suppressed);
  }

  /** A threaded DPC is linked, for which R10 is not asked (R22). */
  insertThreaded(importance: Importance, isCurrent: boolean, isSuppressed: boolean): number {
    const condition = NUMBER_OF[importance] + (isCurrent ? 0 : 4);
    return this.count(CELL_THREADED + condition + (isSuppressed ? CELL_THREADED_SUPPRESSED : 0));
  }

  private count(cell: number): number {
    let tally = this.cells.get(cell);
    if (tally === undefined) {
      const counts = new Float64Array(DECISION_BUCKETS);
      tally = { inserts: 0, sum: new ExactSum(), maxNs: 0, counts };
      this.cells.set(cell, tally);
    }
    tally.inserts++;
    return cell;
  }

  /** A DPC that was linked in a cell is taken. */
  take(cell: number, waitNs: number): void {
    const tally = this.cells.get(cell);
    if (tally === undefined) throw new Error(`nothing was linked in cell ${cell}`);
    tally.sum.add(waitNs);
    tally.maxNs = Math.max(tally.maxNs, waitNs);
    tally.counts[bucketOf(waitNs) >> COARSER]++;
  }

  outcome(): CensusCell[] {
    const cells = [...this.cells].sort(([a], [b]) => a - b);
    return cells.map(([cell, { inserts, sum, maxNs, counts }]) => ({
      cell,
      inserts,
      sumNs: sum.total(),
      maxNs,
      ...sparseCounts(0, Float64Array.from(counts)),
    }));
  }
}
