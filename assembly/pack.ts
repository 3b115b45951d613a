import {
  PACKED_BYTES, SUMMARY_COUNTS_ADDRESS, SUMMARY_SAMPLES, SUMMARY_USED,
} from './shared/abi';
import { carve } from './memory';

let bytes: usize = 0;

/** Those are written before they are read. */
export function carvePacked(): void {
  bytes = carve(PACKED_BYTES);
}

/** Where `pack` leaves what it writes, until the next call. */
export function packedAddress(): usize {
  return bytes;
}

/**
 * Packs the counts of the latency whose record SUMMARY_* is given, and answers how many bytes that
 * took: from the first bucket used to the last one, a count n as 2 n, a run of k empty buckets as
 * 2 k − 1, seven bits a byte from the lowest on, with a high bit on all but the last.
 */
export function pack(record: usize): i32 {
  const first = <usize>load<i64>(record + SUMMARY_COUNTS_ADDRESS * 8);
  const end = first + (<usize>load<i64>(record + SUMMARY_USED * 8) << 2);
  let samples: i64 = 0;
  let empty: u64 = 0;
  let to = bytes;
  for (let at = first; at < end; at += 4) {
    const count = load<u32>(at);
    if (count == 0) {
      empty++;
      continue;
    }
    if (empty != 0) to = write(to, 2 * empty - 1);
    empty = 0;
    samples += count;
    to = write(to, 2 * <u64>count);
  }
  store<i64>(record + SUMMARY_SAMPLES * 8, samples);
  return <i32>(to - bytes);
}

// @ts-ignore: decorator
@inline
function write(to: usize, number: u64): usize {
  let at = to;
  let rest = number;
  while (rest > 127) {
    store<u8>(at++, <u8>(rest | 128));
    rest >>= 7;
  }
  store<u8>(at, <u8>rest);
  return at + 1;
}
