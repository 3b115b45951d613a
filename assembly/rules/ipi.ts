import { MAX_IPIS_IN_FLIGHT } from '../shared/abi';
import { carve } from '../ground/memory';
import { NEVER } from '../ground/config';
import { Prcb } from '../records/prcb';

/**
 * IPIs under way. All fly equally long, so they arrive in the order in which they were sent, which
 * is the order that R4 asks for: a ring will do.
 */
let arrivals: usize = 0;
let targets: usize = 0;
let first: u32 = 0;
let count: i32 = 0;
let overflown: bool = false;

/** A place in the ring is written before it is read. */
export function carveIpis(): void {
  arrivals = carve(<usize>MAX_IPIS_IN_FLIGHT * 8);
  targets = carve(<usize>MAX_IPIS_IN_FLIGHT * 4);
  first = 0;
  count = 0;
  overflown = false;
}

export function sendIpi(target: Prcb, arrivesNs: i64): void {
  if (count == MAX_IPIS_IN_FLIGHT) {
    overflown = true;
    return;
  }
  const place = (first + count) & (MAX_IPIS_IN_FLIGHT - 1);
  store<i64>(arrivals + ((<usize>place) << 3), arrivesNs);
  store<usize>(targets + ((<usize>place) << 2), changetype<usize>(target));
  count++;
}

/** When the next IPI arrives; NEVER when none is under way. */
// @ts-ignore: decorator
@inline
export function nextIpiNs(): i64 {
  return count == 0 ? NEVER : load<i64>(arrivals + ((<usize>first) << 3));
}

/** Takes the next IPI off its way and answers its target. */
export function takeIpi(): Prcb {
  const target = changetype<Prcb>(load<usize>(targets + ((<usize>first) << 2)));
  first = (first + 1) & (MAX_IPIS_IN_FLIGHT - 1);
  count--;
  return target;
}

/** Were more IPIs under way at once than the kernel holds? The run is void then. */
export function ipisOverflown(): bool {
  return overflown;
}
