/**
 * Linear memory. Drawn, from low to high:
 *
 *     0          __heap_base                                     records end                  end
 *     | constants | config block, tables, Prcbs, lines, DPCs, ... | result, buckets, FIFOs, ... |
 *
 * The config block is carved by `reserveConfig` and all else while `startShard` runs, for each
 * shard in the same places; nothing afterwards: memory does not depend on how many interrupts are
 * simulated. What is large and mostly untouched comes last, so that the host can give the memory to
 * a fresh instance after little wiping (`wipeMemory` in simulation.ts), and what adds up from shard
 * to shard stays where it is (`clearShard`).
 */
const PAGE_BYTES: usize = 65536;
/**
 * Growing costs the same for a page and for many, so memory grows by an eighth of itself, and by
 * 1 MiB at least. More would cost the host: its garbage collector counts bytes that nobody touches.
 */
const STEP_PAGES: i32 = 16;
const LINE_BYTES: usize = 64; // a cache line

export const firstCarved: usize = (__heap_base + (LINE_BYTES - 1)) & ~(LINE_BYTES - 1);
let top: usize = firstCarved;
let recordsEnd: usize = 0;
let failed: bool = false;

export function carvedSoFar(): usize {
  return top;
}

/** Starts over from there: what was carved since is forgotten. */
export function carveFrom(address: usize): void {
  top = address;
  failed = false;
}

/**
 * Zeroed bytes, aligned to a cache line. When memory cannot grow that far it answers the first byte
 * and remembers the failure, so that callers need not check each: see `memoryFailed`.
 */
export function carve(bytes: usize): usize {
  const start = top;
  const end: u64 = (<u64>start + <u64>bytes + (LINE_BYTES - 1)) & ~(<u64>LINE_BYTES - 1);
  if (failed || end > 0xffff0000) {
    failed = true;
    return start;
  }
  const present = <u64>memory.size() * PAGE_BYTES;
  if (end > present) {
    const pages = <i32>((end - present + (PAGE_BYTES - 1)) / PAGE_BYTES);
    const step = max(STEP_PAGES, memory.size() >> 3);
    if (memory.grow(max(pages, step)) < 0 && memory.grow(pages) < 0) {
      failed = true;
      return start;
    }
  }
  top = <usize>end;
  return start;
}

/**
 * From here on what is carved is found empty or as the last shard left it, or not read before it is
 * written.
 */
export function endRecords(): void {
  recordsEnd = top;
}

/** Zeroes all records from an address on. */
export function wipeRecords(from: usize): void {
  memory.fill(from, 0, recordsEnd - from);
}

/** Was more asked for than a 32-bit memory holds? Then nothing carved since may be touched. */
export function memoryFailed(): bool {
  return failed;
}
