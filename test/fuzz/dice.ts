/** Random numbers that a seed fixes: what one campaign found, another one finds again. */
export class Dice {
  private state: number;

  /** Any texts and numbers: together they are the seed. */
  constructor(...parts: readonly (string | number)[]) {
    let hash = 0x811c9dc5;
    for (const letter of parts.join(' ')) {
      hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
    }
    this.state = hash;
  }

  /** 0 to below 2^32. */
  private next(): number {
    // SplitMix32's mixer, of a counter.
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }
}
