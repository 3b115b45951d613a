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
): [number, number, number, number] {
  const hash = fnv1a(utf8.encode(`${seed}/${shardIndex}/${role}/${name}`));
  const first = splitMix(hash);
  const second = splitMix((hash + GOLDEN) & MASK);
  return [low(first), high(first), low(second), high(second) | 1];
}

const utf8 = new TextEncoder();

/**
 * FNV-1a, 64 bits (Fowler, Noll and Vo). In halves of 32 bits, since BigInts would take most of the
 * time of setting up a machine. The prime is 2^40 + 0x1b3, and no product reaches 2^53.
 */
function fnv1a(bytes: Uint8Array): bigint {
  let highHalf = 0xcbf29ce4;
  let lowHalf = 0x84222325;
  for (const byte of bytes) {
    const mixed = (lowHalf ^ byte) >>> 0;
    const product = mixed * 0x1b3;
    highHalf = (highHalf * 0x1b3 + mixed * 256 + Math.floor(product / 2 ** 32)) % 2 ** 32;
    lowHalf = product % 2 ** 32;
  }
  return (BigInt(highHalf) << 32n) | BigInt(lowHalf);
}

const MASK = 0xffffffffffffffffn;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** The output function of SplitMix64 (Steele, Lea and Flood, 2014), as xoshiro's authors advise. */
function splitMix(state: bigint): bigint {
  let z = (state + GOLDEN) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

function low(value: bigint): number {
  return Number(value & 0xffffffffn);
}

function high(value: bigint): number {
  return Number(value >> 32n);
}
