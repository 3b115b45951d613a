/** What a random stream is for; each (source, role) has a stream of its own. */
export type StreamRole = 'gap' | 'phase' | 'isr' | 'service' | 'perItem' | 'thread';

/**
 * The state of a xoshiro128++ stream: four 32-bit words, never all zero.
 *
 * A function of the run's seed, the shard's index, what the stream is for and the name of the
 * source (of the processor, for threads) alone: the stream of a source is the same under every
 * policy, whatever other sources there are and in whatever order they stand.
 */
export function streamState(
  seed: number,
  shardIndex: number,
  role: StreamRole,
  name: string,
): StreamState {
  return stateOf(shardHash(seed, shardIndex), streamKey(role, name));
}

export type StreamState = [number, number, number, number];

/** What all streams of a shard begin with. */
export function shardHash(seed: number, shardIndex: number): Word64 {
  return fnv1a(BASIS, utf8.encode(`${seed}/${shardIndex}/`));
}

/** What tells a stream from the others of a shard. */
export function streamKey(role: StreamRole, name: string): Uint8Array {
  return utf8.encode(`${role}/${name}`);
}

/** `streamState` of what the two functions above answered. */
export function stateOf(shard: Word64, key: Uint8Array): StreamState {
  const hash = fnv1a(shard, key);
  const first = splitMix(hash);
  const second = splitMix(add(hash, GOLDEN));
  return [first.low, first.high, second.low, (second.high | 1) >>> 0];
}

const utf8 = new TextEncoder();

/**
 * 64 bits as two halves from 0 to 2^32 − 1. A large machine has thousands of streams for each
 * shard, and BigInts would take most of the time of setting it up.
 */
export interface Word64 {
  high: number;
  low: number;
}

const BASIS: Word64 = { high: 0xcbf29ce4, low: 0x84222325 };
const GOLDEN: Word64 = { high: 0x9e3779b9, low: 0x7f4a7c15 };
const FIRST_FACTOR: Word64 = { high: 0xbf58476d, low: 0x1ce4e5b9 };
const SECOND_FACTOR: Word64 = { high: 0x94d049bb, low: 0x133111eb };

/** FNV-1a, 64 bits (Fowler, Noll and Vo), from a hash on. The prime is 2^40 + 0x1b3. */
function fnv1a(from: Word64, bytes: Uint8Array): Word64 {
  let { high, low } = from;
  for (let i = 0; i < bytes.length; i++) {
    const mixed = (low ^ bytes[i]) >>> 0;
    const product = mixed * 0x1b3; // below 2^53
    high = (Math.imul(high, 0x1b3) + (mixed << 8) + Math.floor(product / 2 ** 32)) >>> 0;
    low = product >>> 0;
  }
  return { high, low };
}

/** The output function of SplitMix64 (Steele, Lea and Flood, 2014), as xoshiro's authors advise. */
function splitMix(state: Word64): Word64 {
  const z = add(state, GOLDEN);
  return mixed(multiply(mixed(multiply(mixed(z, 30), FIRST_FACTOR), 27), SECOND_FACTOR), 31);
}

function add(a: Word64, b: Word64): Word64 {
  const low = a.low + b.low;
  return { high: (a.high + b.high + (low > 0xffffffff ? 1 : 0)) >>> 0, low: low >>> 0 };
}

/** z xor (z >> shift), for shifts from 1 to 31. */
function mixed({ high, low }: Word64, shift: number): Word64 {
  return {
    high: (high ^ (high >>> shift)) >>> 0,
    low: (low ^ ((low >>> shift) | (high << (32 - shift)))) >>> 0,
  };
}

/** The low 64 bits of the product. The low halves are multiplied 16 bits at a time. */
function multiply(a: Word64, b: Word64): Word64 {
  const [a0, a1] = [a.low & 0xffff, a.low >>> 16];
  const [b0, b1] = [b.low & 0xffff, b.low >>> 16];
  const middle = a0 * b1 + a1 * b0 + ((a0 * b0) >>> 16);
  const carried = a1 * b1 + Math.floor(middle / 65536);
  return {
    high: (carried + Math.imul(a.high, b.low) + Math.imul(a.low, b.high)) >>> 0,
    low: Math.imul(a.low, b.low) >>> 0,
  };
}
