import { Source } from './source';

/** An item in the FIFO of a DPC object (R5): 16 bytes. */
@unmanaged
export class Item {
  arrivalNs: i64;
  serviceNs: u32;
  /** Per-item time; in a timer DPC the index of the timer's source. */
  extra: u32;
}

/** Items in all FIFOs. */
export let itemTotal: i64 = 0;

export function startItems(): void {
  itemTotal = 0;
}

/** A DPC object, after nt!_KDPC, with the FIFO of items that its routine will serve. */
@unmanaged
export class Dpc {
  next: Dpc | null;
  queued: bool;
  /** Its KiTimerExpiration on a processor: the items name their sources. */
  isTimer: bool;
  importance: u8;
  /** Runs in the DPC thread of its target (R22). */
  threaded: bool;
  insertedNs: i64;
  /** The cell of the census in which it was queued. */
  cell: u32;
  /** Service time of a routine that finds no item: that of the arrival whose ISR queued it. */
  spareServiceNs: u32;
  source: Source;
  /** TARGET_* or a processor's index. */
  target: i32;
  budget: i32;
  /** For the log. */
  name: u32;

  /** The processor whose queue it is on, or was on last. */
  queuedOn: usize;
  /** The foreign line that its items are pulled from when the routine takes them; 0 for none. */
  pullFrom: usize;

  items: usize;
  capacity: i32;
  first: i32;
  count: i32;

  /** Appends an item; false when the FIFO is full and the item is dropped. */
  // @ts-ignore: decorator
  @inline
  push(arrivalNs: i64, serviceNs: u32, extra: u32): bool {
    if (this.count == this.capacity) return false;
    let place = this.first + this.count;
    if (place >= this.capacity) place -= this.capacity;
    const item = changetype<Item>(this.items + ((<usize>place) << 4));
    item.arrivalNs = arrivalNs;
    item.serviceNs = serviceNs;
    item.extra = extra;
    this.count++;
    itemTotal++;
    return true;
  }

  /** Takes the oldest item; there must be one. It stays readable until the next push. */
  // @ts-ignore: decorator
  @inline
  pop(): Item {
    if (!ASC_NO_ASSERT) assert(this.count > 0, 'an item to take');
    const item = changetype<Item>(this.items + ((<usize>this.first) << 4));
    this.count--;
    // An empty FIFO starts over at its first place, which is warm.
    this.first = this.count == 0 || this.first + 1 == this.capacity ? 0 : this.first + 1;
    itemTotal--;
    return item;
  }
}
