import { Line } from './line';
import { Prcb } from './prcb';
import { Source } from './source';
import { pointerAt, prcbAt } from './tables';

// What concerns a single processor is counted of its source alone while the machine runs, and of
// the processor once, in the end.

/** Are arrivals and ISRs counted of the source alone? It has one line then. */
export function countsArrivals(source: Source): bool {
  return source.lineCount > 0 && source.soleLine;
}

/** Are inserts and routines counted of the source alone? They are all on one processor then. */
export function countsRoutines(source: Source): bool {
  return source.lineCount > 0 && source.soleTarget;
}

export function firstPrcb(source: Source): Prcb {
  return changetype<Line>(pointerAt(source.lines, 0)).prcb;
}

export function targetPrcb(source: Source): Prcb {
  if (!source.hasDpc) return firstPrcb(source);
  const target = changetype<Line>(pointerAt(source.lines, 0)).dpc.target;
  return target >= 0 ? prcbAt(target) : firstPrcb(source);
}
