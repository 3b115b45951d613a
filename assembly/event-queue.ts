import { carve } from './memory';
import { NEVER } from './config';

/**
 * The least of n times that change one at a time: a tournament tree (Knuth, TAOCP 3, 5.4.1). A change
 * replays the matches from its leaf to the root; at equal times the lower index wins, which is how R4
 * breaks ties.
 */
@unmanaged
export class EventQueue {
  /** Leaves, a power of two. */
  size: u32;
  times: usize;
  /** Winner's index by node; the root is node 1, the leaves are not stored. */
  winners: usize;

  static carve(count: i32): EventQueue {
    let size: u32 = 2;
    while (size < <u32>count) size <<= 1;
    const queue = changetype<EventQueue>(carve(offsetof<EventQueue>()));
    queue.size = size;
    queue.times = carve(<usize>size << 3);
    queue.winners = carve(<usize>size << 2);
    for (let i: u32 = 0; i < size; i++) store<i64>(queue.times + (<usize>i << 3), NEVER);
    for (let i: u32 = size - 1; i >= 1; i--) {
      const left: u32 = i << 1;
      store<u32>(queue.winners + (<usize>i << 2), left >= size ? left - size : queue.winner(left));
    }
    return queue;
  }

  // @ts-ignore: decorator
  @inline
  private winner(node: u32): u32 {
    return load<u32>(this.winners + (<usize>node << 2));
  }

  // @ts-ignore: decorator
  @inline
  timeOf(index: u32): i64 {
    return load<i64>(this.times + (<usize>index << 3));
  }

  /** The index with the least time. */
  // @ts-ignore: decorator
  @inline
  first(): u32 {
    return load<u32>(this.winners, 4);
  }

  // @ts-ignore: decorator
  @inline
  firstNs(): i64 {
    return this.timeOf(this.first());
  }

  set(index: u32, ns: i64): void {
    if (this.timeOf(index) == ns) return;
    store<i64>(this.times + (<usize>index << 3), ns);
    let node = (index + this.size) >> 1;
    let left = index & ~1;
    let right = index | 1;
    for (;;) {
      const winner = this.timeOf(left) <= this.timeOf(right) ? left : right;
      store<u32>(this.winners + (<usize>node << 2), winner);
      if (node == 1) return;
      left = this.winner(node & ~1);
      right = this.winner(node | 1);
      node >>= 1;
    }
  }
}
