import { carve } from '../ground/memory';
import { NEVER } from '../ground/config';

/**
 * Leaves at most: the sources of a scenario. Times are below 2^50, so time and leaf fit 63 bits.
 */
const LEAF_BITS: i64 = 13;
const LEAF_MASK: i64 = (1 << LEAF_BITS) - 1;
/** NEVER, as far as it fits beside a leaf. */
const LATEST: i64 = NEVER >> LEAF_BITS;

/**
 * The least of n times that change one at a time: a tournament tree (Knuth, TAOCP 3, 5.4.1) of
 * packed keys, `time << 13 | leaf`. A node holds the least key below it, so the root names the
 * winner, equal times go to the lower leaf, which is how R4 breaks ties, and a change needs no
 * comparison of leaves: the siblings on the path to the root do not depend on it and are loaded
 * side by side.
 */
@unmanaged
export class EventQueue {
  /** Leaves, a power of two. */
  size: u32;
  /** Keys by node; the root is node 1, leaf i is node size + i. */
  keys: usize;

  static carve(count: i32): EventQueue {
    let size: u32 = 2;
    while (size < <u32>count) size <<= 1;
    const queue = changetype<EventQueue>(carve(offsetof<EventQueue>()));
    queue.size = size;
    queue.keys = carve((<usize>size) << 4);
    if (!ASC_NO_ASSERT) assert(<i64>size <= LEAF_MASK + 1, 'a leaf fits its bits');
    for (let i: u32 = 0; i < size; i++) queue.setKey(size + i, (LATEST << LEAF_BITS) | i);
    for (let i: u32 = size - 1; i >= 1; i--) queue.setKey(i, queue.key(i << 1));
    return queue;
  }

  // @ts-ignore: decorator
  @inline
  private key(node: u32): i64 {
    return load<i64>(this.keys + ((<usize>node) << 3));
  }

  // @ts-ignore: decorator
  @inline
  private setKey(node: u32, key: i64): void {
    store<i64>(this.keys + ((<usize>node) << 3), key);
  }

  /** The leaf with the least time. */
  // @ts-ignore: decorator
  @inline
  first(): u32 {
    return <u32>(this.key(1) & LEAF_MASK);
  }

  /** The least time; later than any instant of a run when nothing is due. */
  // @ts-ignore: decorator
  @inline
  firstNs(): i64 {
    return this.key(1) >> LEAF_BITS;
  }

  set(leaf: u32, ns: i64): void {
    let node = leaf + this.size;
    let key = (min<i64>(ns, LATEST) << LEAF_BITS) | leaf;
    if (this.key(node) == key) return;
    this.setKey(node, key);
    while (node > 1) {
      key = min<i64>(key, this.key(node ^ 1));
      node >>= 1;
      this.setKey(node, key);
    }
  }
}
