import {
  HISTOGRAM_BUCKETS,
  PACKED_BLOCK,
  PACKED_FEW,
  SUMMARY_COUNTS_ADDRESS,
  SUMMARY_FIRST,
  SUMMARY_SAMPLES,
  SUMMARY_USED,
} from '../shared/abi';
import { carve } from '../ground/memory';

const BLOCKS: usize = HISTOGRAM_BUCKETS / PACKED_BLOCK;
const BLOCK_BYTES: usize = PACKED_BLOCK << 2;

let bytes: usize = 0;

/** Its bytes are written before they are read. */
export function carvePacked(): void {
  bytes = carve(BLOCKS * (1 + 4 + BLOCK_BYTES));
}

/** Where `pack` leaves what it writes, until the next call. */
export function packedAddress(): usize {
  return bytes;
}

/**
 * Packs the counts of the latency whose record SUMMARY_* is given, notes there how many samples
 * they are, and answers how many bytes that took. Buckets beside those used must be empty.
 */
export function pack(record: usize): i32 {
  const from = <usize>load<i64>(record + SUMMARY_COUNTS_ADDRESS * 8);
  const end = from + ((<usize>load<i64>(record + SUMMARY_USED * 8)) << 2);
  const first = <usize>load<i64>(record + SUMMARY_FIRST * 8);
  let samples: i64 = 0;
  let to = bytes;
  for (let at = from - ((first % PACKED_BLOCK) << 2); at < end; at += BLOCK_BYTES) {
    let bits: u32 = 0;
    let sum: u32 = 0;
    for (let i: usize = 0; i < BLOCK_BYTES; i += 4) {
      const count = load<u32>(at + i);
      bits |= count;
      sum += count;
    }
    samples += sum;
    if (sum == 0) store<u8>(to++, 0);
    else if (sum < <u32>PACKED_BLOCK) to = writeFew(to, at, sum);
    else to = writeBlock(to, at, bits < 256 ? 1 : bits < 65536 ? 2 : 4, sum);
  }
  store<i64>(record + SUMMARY_SAMPLES * 8, samples);
  return <i32>(to - bytes);
}

function writeFew(to: usize, from: usize, sum: u32): usize {
  store<u8>(to, <u8>(<u32>PACKED_FEW + sum));
  let at = to + 1;
  let written: u32 = 0;
  for (let place: u32 = 0; written < sum; place++) {
    for (let count = load<u32>(from + ((<usize>place) << 2)); count > 0; count--) {
      if ((written & 1) == 0) {
        store<u8>(at, <u8>place);
      } else {
        store<u8>(at, <u8>(load<u8>(at) | (place << 4)));
        at++;
      }
      written++;
    }
  }
  return at + (sum & 1);
}

function writeBlock(to: usize, from: usize, width: usize, sum: u32): usize {
  store<u8>(to, <u8>width);
  store<u32>(to, sum, 1);
  let at = to + 5;
  if (width == 1) {
    for (let i: usize = 0; i < BLOCK_BYTES; i += 4) store<u8>(at++, <u8>load<u32>(from + i));
    return at;
  }
  if (width == 2) {
    for (let i: usize = 0; i < BLOCK_BYTES; i += 4) {
      store<u16>(at, <u16>load<u32>(from + i));
      at += 2;
    }
    return at;
  }
  memory.copy(at, from, BLOCK_BYTES);
  return at + BLOCK_BYTES;
}
