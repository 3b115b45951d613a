/**
 * A growing array of 64-bit slots, little-endian, as the kernel reads its config block.
 */
export class Slots {
  private floats: Float64Array;
  /** Slots in use. */
  length = 0;

  /** `words` may be where a block stands already, which then must not grow. */
  constructor(private words = new Uint32Array(4096)) {
    this.floats = floatsOf(words);
  }

  /** Appends `count` slots of zero and answers the first one. */
  append(count: number): number {
    const first = this.length;
    this.length += count;
    if (this.length * 2 > this.words.length) this.grow();
    return first;
  }

  private grow(): void {
    const words = new Uint32Array(Math.max(this.length * 2, this.words.length * 2));
    words.set(this.words);
    this.words = words;
    this.floats = floatsOf(words);
  }

  /** A whole number from −2^53 to 2^53, or a boolean as 0 or 1. */
  setInteger(slot: number, value: number | boolean): void {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      throw new RangeError(`slot ${slot}: ${number} is not a whole number`);
    }
    this.words[2 * slot] = number >>> 0;
    this.words[2 * slot + 1] = Math.floor(number / 2 ** 32) >>> 0;
  }

  setFloat(slot: number, value: number): void {
    this.floats[slot] = value;
  }

  /** Two 32-bit halves, the low one first. */
  setWords(slot: number, low: number, high: number): void {
    this.words[2 * slot] = low;
    this.words[2 * slot + 1] = high;
  }

  /** From the slot's first byte on; there must be slots enough. */
  setBytes(slot: number, bytes: Uint8Array): void {
    const { buffer, byteOffset } = this.words;
    new Uint8Array(buffer, byteOffset).set(bytes, 8 * slot);
  }

  /** The slots in use, for copying into the kernel's memory. */
  view(): Uint32Array {
    return this.words.subarray(0, 2 * this.length);
  }
}

function floatsOf({ buffer, byteOffset, length }: Uint32Array): Float64Array {
  return new Float64Array(buffer, byteOffset, length / 2);
}
