/**
 * A growing array of 64-bit slots, little-endian, as the kernel reads its config block.
 */
export class Slots {
  private words = new Uint32Array(4096);
  private floats = new Float64Array(this.words.buffer);
  /** Slots in use. */
  length = 0;

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
    this.floats = new Float64Array(words.buffer);
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

  /** Bytes, from the slot's first on; they must fit into slots that were appended. */
  setBytes(slot: number, bytes: Uint8Array): void {
    new Uint8Array(this.words.buffer).set(bytes, 8 * slot);
  }

  /** The slots in use, for copying into the kernel's memory. */
  view(): Uint32Array {
    return this.words.subarray(0, 2 * this.length);
  }
}
