import { NEVER } from './config';
import { Line } from './line';
import { Prcb } from './prcb';
import { pointerAt } from './tables';

/** Finds a processor's next arrival again; of equal times the source that stands first (R4). */
export function findNextArrival(prcb: Prcb): void {
  let leastNs = NEVER;
  prcb.arrivalsChanged = false;
  for (let i = 0; i < prcb.lineCount; i++) {
    const line = changetype<Line>(pointerAt(prcb.lines, i));
    if (!line.hasNext()) continue;
    const atNs = line.at(line.next).atNs;
    if (atNs < leastNs) {
      leastNs = atNs;
      prcb.nextLine = line;
    }
  }
  prcb.nextArrivalNs = leastNs;
}
