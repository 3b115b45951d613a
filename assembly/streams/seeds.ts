import {
  CONFIG_SHARD_KEY,
  CONFIG_SHARD_KEY_BYTES,
  CONFIG_STREAM_COUNT,
  CONFIG_STREAM_SLOT,
  STREAM_KEY,
  STREAM_KEY_BYTES,
  STREAM_SLOTS,
  STREAM_STATE,
} from '../shared/abi';
import { config, slot } from '../ground/config';

const BASIS: u64 = 0xcbf29ce484222325;
const PRIME: u64 = 0x100000001b3;
const GOLDEN: u64 = 0x9e3779b97f4a7c15;

/**
 * Writes the first state of every stream into the config block: two outputs of SplitMix64 from the
 * hash of the shard's key followed by the stream's. The last bit that is set keeps a state from
 * being all zero, which xoshiro128++ would never leave.
 */
export function seedStreams(): void {
  const key = config + (CONFIG_SHARD_KEY << 3);
  const shard = hash(BASIS, key, <i32>slot(CONFIG_SHARD_KEY_BYTES));
  const count = <i32>slot(CONFIG_STREAM_COUNT);
  let record = <i32>slot(CONFIG_STREAM_SLOT);
  for (let i = 0; i < count; i++, record += STREAM_SLOTS) {
    const seed = hash(shard, addressOf(record + STREAM_KEY), <i32>slot(record + STREAM_KEY_BYTES));
    const state = addressOf(record + STREAM_STATE);
    store<u64>(state, splitMix(seed));
    store<u64>(state, splitMix(seed + GOLDEN) | 0x100000000, 8);
  }
}

/** The address of the slot whose number stands in this slot. */
function addressOf(index: i32): usize {
  return config + ((<usize>slot(index)) << 3);
}

/** FNV-1a, 64 bits (Fowler, Noll and Vo), from a hash on. */
function hash(from: u64, bytes: usize, count: i32): u64 {
  let value = from;
  for (let i = 0; i < count; i++) value = (value ^ load<u8>(bytes + i)) * PRIME;
  return value;
}

/** The output function of SplitMix64 (Steele, Lea and Flood, 2014), as xoshiro's authors advise. */
function splitMix(state: u64): u64 {
  let z = state + GOLDEN;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
