import { NEVER } from '../ground/config';
import { Line } from '../records/line';
import { Prcb } from '../records/prcb';
import { pointerAt } from '../records/tables';

/** A processor has at most MAX_SOURCES lines, and no arrival is at 2^50 ns or later. */
const PLACE_BITS = 12;
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;

/** Reads a processor's next arrivals again, after some were drawn for an empty line. */
export function readArrivals(prcb: Prcb): void {
  prcb.arrivalsChanged = false;
  for (let i = 0; i < prcb.lineCount; i++) {
    const line = changetype<Line>(pointerAt(prcb.lines, i));
    setNext(prcb, i, line);
  }
  findNextArrival(prcb);
}

/** The line of a processor's next arrival, or whose time to raise is over (R24). */
// @ts-ignore: decorator
@inline
export function nextArrivalLine(prcb: Prcb): Line {
  return changetype<Line>(pointerAt(prcb.lines, prcb.nextPlace));
}

/** The arrival that was next has been taken off its line, which is not moderated. */
// @ts-ignore: decorator
@inline
export function findNextAfter(prcb: Prcb, line: Line): void {
  const place = prcb.nextPlace;
  const key = line.hasNext() ? (line.at(line.next).atNs << PLACE_BITS) | place : NEVER;
  store<i64>(prcb.arrivalKeys + ((<usize>place) << 3), key);
  findNextArrival(prcb);
}

/** What was next on a moderated line, an arrival or a raise, has happened. */
export function findNextModerated(prcb: Prcb, line: Line): void {
  setNext(prcb, prcb.nextPlace, line);
  findNextArrival(prcb);
}

function setNext(prcb: Prcb, place: u32, line: Line): void {
  let atNs = line.hasNext() ? line.at(line.next).atNs : NEVER;
  if (line.moderation !== null) atNs = min(atNs, line.moderation!.dueNs);
  const key = atNs == NEVER ? NEVER : (atNs << PLACE_BITS) | place;
  store<i64>(prcb.arrivalKeys + ((<usize>place) << 3), key);
}

/**
 * Of equal times the source that stands first wins (R4): its place is the lower part of the key.
 * Without branches: which wins is chance.
 */
// @ts-ignore: decorator
@inline
function findNextArrival(prcb: Prcb): void {
  const keys = prcb.arrivalKeys;
  let least = load<i64>(keys);
  for (let i: u32 = 1, count: u32 = prcb.lineCount; i < count; i++) {
    const key = load<i64>(keys + ((<usize>i) << 3));
    least = select<i64>(key, least, key < least);
  }
  prcb.nextPlace = (<u32>least) & PLACE_MASK;
  prcb.nextArrivalNs = least == NEVER ? NEVER : least >> PLACE_BITS;
}
