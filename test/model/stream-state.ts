import { shardKey, streamKey, type StreamRole } from '../../src/kernel/stream-keys.js';

/** The first state of a stream, four 32-bit words, as the kernel's assembly/streams/seeds.ts. */
export function streamState(
  seed: number,
  shardIndex: number,
  role: StreamRole,
  name: string,
): [number, number, number, number] {
  const hash = fnv1a([...shardKey(seed, shardIndex), ...streamKey(role, name)]);
  const first = splitMix(hash);
  const second = splitMix(hash + GOLDEN);
  const low = (value: bigint): number => Number(value & 0xffffffffn);
  const high = (value: bigint): number => Number(value >> 32n);
  return [low(first), high(first), low(second), (high(second) | 1) >>> 0];
}

const GOLDEN = 0x9e3779b97f4a7c15n;

function low64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** Fowler, Noll and Vo. */
function fnv1a(bytes: readonly number[]): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = low64((hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** SplitMix64 (Steele, Lea and Flood, 2014). */
function splitMix(state: bigint): bigint {
  let z = low64(state + GOLDEN);
  z = low64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = low64((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
