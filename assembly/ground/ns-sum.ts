/**
 * A sum of times that may not fit 64 bits: a million waits of three hours are more than 2^63 ns. It
 * has 128, modulo which something may be taken off before what it is taken from is added. Records
 * that begin with its two words are NsSums too.
 */
@unmanaged
export class NsSum {
  low: u64;
  high: u64;

  /** `ns` from 0. */
  // @ts-ignore: decorator
  @inline
  addNs(ns: i64): void {
    const low = this.low + <u64>ns;
    this.low = low;
    if (low < <u64>ns) this.high++;
  }

  addSum(other: NsSum): void {
    const low = this.low + other.low;
    this.high += other.high + (low < other.low ? 1 : 0);
    this.low = low;
  }

  takeSum(other: NsSum): void {
    const borrow = this.low < other.low ? 1 : 0;
    this.low -= other.low;
    this.high -= other.high + borrow;
  }

  /** Nothing has been added. */
  clear(): void {
    this.low = 0;
    this.high = 0;
  }
}
