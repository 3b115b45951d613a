import type { Arrivals, Scenario, Source } from '../scenario/scenario.js';
import { meanNs } from '../scenario/distribution-mean.js';

/**
 * About how many interrupts one policy of the scenario will simulate, from its mean rates. Decides
 * where a run is carried out.
 */
export function expectedInterrupts(scenario: Scenario): number {
  const { timeNs, interrupts } = scenario.until;
  const limit = interrupts ?? Infinity;
  return timeNs === null ? limit : Math.min(limit, within(scenario, timeNs));
}

/** About how long one policy of the scenario will be simulated, in ns, likewise. */
export function expectedTimeNs(scenario: Scenario): number {
  const { timeNs, interrupts } = scenario.until;
  const limitNs = timeNs ?? Infinity;
  if (interrupts === null) return limitNs;
  // A timer's expiry is no interrupt that `until` counts.
  const devices = scenario.sources.filter(({ kind }) => kind === 'device');
  const perNs = devices.reduce((sum, source) => sum + expectedRate(source), 0);
  return perNs === 0 ? limitNs : Math.min(limitNs, interrupts / perNs);
}

/** Interrupts a ns, or expiries of a timer, on average; 0 for lists, which come as they come. */
export function expectedRate(source: Source): number {
  if (source.kind === 'timer') return 1 / source.periodNs;
  const { arrivals } = source;
  const isList = arrivals.kind === 'at' || arrivals.kind === 'recording';
  return isList ? 0 : arrivalsIn(arrivals, 1e9) / 1e9;
}

function within({ sources }: Scenario, timeNs: number): number {
  return sources.reduce((sum, source) => sum + expectedIn(source, timeNs), 0);
}

function expectedIn(source: Source, timeNs: number): number {
  return source.kind === 'timer' ? timeNs / source.periodNs : arrivalsIn(source.arrivals, timeNs);
}

function arrivalsIn(arrivals: Arrivals, timeNs: number): number {
  switch (arrivals.kind) {
    case 'at':
      return arrivals.atNs.length;
    case 'recording':
      return arrivals.recording.atNs.length;
    case 'renewal':
      return timeNs / Math.max(1, meanNs(arrivals.gap));
    case 'periodic':
      return timeNs / Math.max(1, arrivals.periodNs);
    case 'bursts': {
      const on = meanNs(arrivals.on);
      const share = on / Math.max(1, on + meanNs(arrivals.off));
      return (timeNs * share) / Math.max(1, meanNs(arrivals.gap));
    }
  }
}
