import type { Arrivals } from '../../src/scenario/scenario.js';
import type { Draw, TwinDraws } from './draws.js';

/** Nothing is simulated beyond this instant. */
export const MAX_TIME_NS = 1e15;

/** The instant of the next arrival in ns; Infinity when there is none. Called once for each. */
export type NextArrival = () => number;

/** The arrival times of source `index`, which depend on its own streams and on nothing else. */
export function openArrivals(arrivals: Arrivals, index: number, draws: TwinDraws): NextArrival {
  switch (arrivals.kind) {
    case 'at':
      return listed(arrivals.atNs);
    case 'recording':
      return listed(arrivals.recording.atNs);
    case 'renewal':
      return renewal(arrivals.startNs, draws.open('gap', index, arrivals.gap));
    case 'periodic':
      return periodic(arrivals, draws.open('gap', index, arrivals.jitter));
    case 'bursts':
      return bursts(
        arrivals.startNs,
        draws.open('phase', index, arrivals.on),
        draws.open('phase', index, arrivals.off),
        draws.open('gap', index, arrivals.gap),
      );
  }
}

function listed(atNs: ArrayLike<number>): NextArrival {
  let k = 0;
  return () => (k < atNs.length ? atNs[k++] : Infinity);
}

function renewal(startNs: number, gap: Draw): NextArrival {
  let atNs = startNs;
  return () => (atNs += gap());
}

function periodic(
  { startNs, periodNs }: { startNs: number; periodNs: number },
  jitter: Draw,
): NextArrival {
  let dueNs = startNs;
  let lastNs = 0;
  return () => {
    lastNs = Math.max(lastNs, dueNs + jitter());
    dueNs += periodNs;
    return lastNs;
  };
}

/** Phases in a row without an arrival after which the source is taken to be silent for good. */
const EMPTY_PHASES = 1_000_000;

/** A gap that leads past the end of its phase brings no arrival: the next phase draws its own. */
function bursts(startNs: number, on: Draw, off: Draw, gap: Draw): NextArrival {
  let atNs = startNs;
  let phaseEndNs = startNs + on();
  return () => {
    atNs += gap();
    for (let empty = 0; atNs >= phaseEndNs; empty++) {
      if (empty === EMPTY_PHASES || atNs > MAX_TIME_NS) return Infinity;
      const phaseNs = phaseEndNs + off();
      phaseEndNs = phaseNs + on();
      atNs = phaseNs + gap();
    }
    return atNs;
  };
}
