import type { PolicySumState } from '../kernel/policy-sum.js';
import type { Shard } from '../kernel/shard.js';
import type { Execute } from './tasks.js';

/** A shard that has the longest wait of its policy. */
export interface FoundShard {
  shard: Shard;
  maxNs: number;
}

/** The shards that a run is made of, and which of them has the longest wait of each policy. */
export class SeenShards {
  private shards: Shard[] = [];
  private readonly longest = new Map<number, { index: number; maxNs: number }>();

  /** `source`: a focused source, whose waits count alone; null for any DPC's. */
  constructor(private readonly source: string | null) {}

  /** Where figures drift, a run is done again and the last time counts; else shards are added. */
  watch(execute: Execute): Execute {
    return (scenario, shards, onSum, options) => {
      if (this.shards.some((seen) => isSame(seen, shards[0]))) {
        this.shards = [];
        this.longest.clear();
      }
      this.shards.push(...shards);
      return execute(scenario, shards, (sum) => onSum(this.look(sum)), options);
    };
  }

  private look(sum: PolicySumState): PolicySumState {
    const { source } = this;
    for (const line of sum.lines) {
      const { count, maxNs } = (source === null ? line : line.focused[source]).latency.dpcWait;
      if (count === 0) continue;
      const best = this.longest.get(sum.policyIndex);
      // Sums come in any order.
      const isBetter =
        best === undefined ||
        maxNs > best.maxNs ||
        (maxNs === best.maxNs && line.shardIndex < best.index);
      if (isBetter) this.longest.set(sum.policyIndex, { index: line.shardIndex, maxNs });
    }
    return sum;
  }

  /** The first of the shards that have the longest wait; null where no DPC was taken. */
  worstOf(policyIndex: number): FoundShard | null {
    const best = this.longest.get(policyIndex);
    const shard = this.shards.find((each) =>
      isSame(each, { policyIndex, shardIndex: best?.index ?? -1 }),
    );
    return best === undefined || shard === undefined ? null : { shard, maxNs: best.maxNs };
  }
}

function isSame(
  a: Pick<Shard, 'policyIndex' | 'shardIndex'>,
  b: Pick<Shard, 'policyIndex' | 'shardIndex'>,
): boolean {
  return a.policyIndex === b.policyIndex && a.shardIndex === b.shardIndex;
}
