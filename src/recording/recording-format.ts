/**
 * The project's own recording, a file that ends in `.dpcrec`. All numbers are little-endian.
 *
 *     magic         8 bytes   89 44 50 43 52 45 43 0a ("\x89DPCREC\n")
 *     version       u32       3
 *     header size   u32       bytes of the header
 *     header        JSON      meta, processors, of each stream its name, kind, target and count
 *     blocks                  for each stream in turn, 65,536 arrivals each, the last one fewer
 *       packed size u32       bytes of the packed block
 *       raw size    u32       bytes of the block unpacked
 *       block       deflate   the five columns one after another, each a run of varints
 *     digest        32 bytes  SHA-256 of everything before it
 *
 * Varints are LEB128: seven bits a byte, the lowest first. Times are differences from the arrival
 * before (the first of a block from 0), latencies are written plus one and an unknown one as 0.
 * The blocks let a reader go through the file in bounded memory, and bound what a hostile one can
 * claim.
 */
export const RECORDING_MAGIC = Uint8Array.of(0x89, 0x44, 0x50, 0x43, 0x52, 0x45, 0x43, 0x0a);
export const RECORDING_VERSION = 3;
export const BLOCK_ARRIVALS = 65_536;
export const MAX_HEADER_BYTES = 16 * 2 ** 20;
export const DIGEST_BYTES = 32;
/** Time, processor, ISR time, service time and latency of each arrival. */
export const COLUMNS = 5;
/** At most: 8 bytes of time (below 2^50), 3 of processor, 5 each of three 32-bit columns. */
export const MAX_ARRIVAL_BYTES = 26;
/** Twice what the greatest recording can need unpacked: a longer file is none. */
export const MAX_FILE_BYTES = 512 * 2 ** 20;

/**
 * A block unpacks to so many times its packed size at most, beyond a first 64 KiB. Stamps and times
 * of a real machine differ in their last digits, which leaves a quarter of that; deflate alone
 * would let 88 kB stand for 16 million arrivals.
 */
export const MAX_UNPACKING = 50;
export const FREE_UNPACKED_BYTES = 65_536;

/** Writes varints into a buffer that is large enough for a block. */
export class VarintWriter {
  private readonly bytes: Uint8Array;
  private length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** A whole number from 0 to 2^53 − 1. */
  write(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** What was written since the last call, copied. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

/** Reads varints; −1 for one that is cut off or larger than 2^53 − 1. */
export class VarintReader {
  private at = 0;

  constructor(readonly bytes: Uint8Array) {}

  read(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      if (this.at >= this.bytes.length) return -1;
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value <= Number.MAX_SAFE_INTEGER ? value : -1;
      scale *= 128;
    }
    return -1;
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }
}
