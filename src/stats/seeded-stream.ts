/**
 * Random numbers for resampling: a function of the data alone, so that the same shards give the
 * same intervals. Apart from the machine's own streams, which it must not touch.
 *
 * sfc32, the "small fast chaotic" generator of C. Doty-Humphrey's PractRand (2010).
 */
export class SeededStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** The state is an FNV-1a hash of the values' bytes, once for each word. */
  constructor(values: readonly number[]) {
    const bytes = new Uint8Array(Float64Array.from(values).buffer);
    this.a = fnv1a(bytes, 0x811c9dc5);
    this.b = fnv1a(bytes, this.a ^ 0x9e3779b9);
    this.c = fnv1a(bytes, this.b ^ 0x85ebca6b);
    for (let i = 0; i < 15; i++) this.next();
  }

  /** A whole number from 0 to 2^32 − 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 to `count` − 1; the bias for counts below 10,000 is under 3e-6. */
  below(count: number): number {
    return Math.floor((this.next() / 2 ** 32) * count);
  }
}

function fnv1a(bytes: Uint8Array, basis: number): number {
  let hash = basis | 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
