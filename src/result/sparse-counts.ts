/** Buckets that hold anything, ascending, and how many samples each holds. */
export interface SparseCounts {
  buckets: Uint16Array;
  /** 32 bits in a shard, which is enough for it; floats in sums. */
  counts: Uint32Array | Float64Array;
}

/** Beyond every bucket, and a small whole number all the same. */
const NO_BUCKET = 2 ** 20;

/** What consecutive buckets hold, of which many may be empty: `counts[i]` in `firstIndex + i`. */
export function sparseCounts(firstIndex: number, counts: Uint32Array | Float64Array): SparseCounts {
  let used = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) used++;
  const sparse = {
    buckets: new Uint16Array(used),
    counts: counts instanceof Uint32Array ? new Uint32Array(used) : new Float64Array(used),
  };
  for (let i = 0, at = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    sparse.buckets[at] = firstIndex + i;
    sparse.counts[at++] = counts[i];
  }
  return sparse;
}

/** Both together. */
export function addCounts(a: SparseCounts, b: SparseCounts): SparseCounts {
  const buckets = new Uint16Array(a.buckets.length + b.buckets.length);
  const counts = new Float64Array(buckets.length);
  let used = 0;
  for (let i = 0, j = 0; i < a.buckets.length || j < b.buckets.length; used++) {
    const left = i < a.buckets.length ? a.buckets[i] : NO_BUCKET;
    const right = j < b.buckets.length ? b.buckets[j] : NO_BUCKET;
    buckets[used] = left < right ? left : right;
    counts[used] = (left <= right ? a.counts[i++] : 0) + (right <= left ? b.counts[j++] : 0);
  }
  return { buckets: buckets.slice(0, used), counts: counts.slice(0, used) };
}
