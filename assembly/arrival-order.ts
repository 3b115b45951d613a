import { NEVER } from './config';
import { Line } from './line';
import { Prcb } from './prcb';
import { pointerAt } from './tables';

/** Reads a processor's next arrivals again, after some were drawn for an empty line. */
export function readArrivals(prcb: Prcb): void {
  prcb.arrivalsChanged = false;
  for (let i = 0; i < prcb.lineCount; i++) {
    const line = changetype<Line>(pointerAt(prcb.lines, i));
    setNext(prcb, i, line);
  }
  findNextArrival(prcb);
}

/** Takes a processor's next arrival off its line and answers the line. */
export function takeNextArrival(prcb: Prcb): Line {
  const place = prcb.nextPlace;
  const line = changetype<Line>(pointerAt(prcb.lines, place));
  line.next++;
  setNext(prcb, place, line);
  findNextArrival(prcb);
  return line;
}

// @ts-ignore: decorator
@inline
function setNext(prcb: Prcb, place: u32, line: Line): void {
  const atNs = line.hasNext() ? line.at(line.next).atNs : NEVER;
  store<i64>(prcb.arrivalTimes + (<usize>place << 3), atNs);
}

/**
 * Of equal times the source that stands first wins (R4). Without branches: which wins is chance.
 */
// @ts-ignore: decorator
@inline
function findNextArrival(prcb: Prcb): void {
  const times = prcb.arrivalTimes;
  let leastNs = load<i64>(times);
  let place: u32 = 0;
  for (let i: u32 = 1, count: u32 = prcb.lineCount; i < count; i++) {
    const atNs = load<i64>(times + (<usize>i << 3));
    const isEarlier = atNs < leastNs;
    leastNs = select<i64>(atNs, leastNs, isEarlier);
    place = select<u32>(i, place, isEarlier);
  }
  prcb.nextPlace = place;
  prcb.nextArrivalNs = leastNs;
}
