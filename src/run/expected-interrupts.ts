import type { Arrivals, Scenario } from '../scenario/scenario.js';
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
  const perSecond = within({ ...scenario, sources: devices }, 1e9);
  return perSecond === 0 ? limitNs : Math.min(limitNs, (interrupts / perSecond) * 1e9);
}

function within({ sources }: Scenario, timeNs: number): number {
  let sum = 0;
  for (const source of sources) {
    sum += source.kind === 'timer' ? timeNs / source.periodNs : arrivalsIn(source.arrivals, timeNs);
  }
  return sum;
}

function arrivalsIn(arrivals: Arrivals, timeNs: number): number {
  switch (arrivals.kind) {
    case 'at': return arrivals.atNs.length;
    case 'recording': return arrivals.recording.atNs.length;
    case 'renewal': return timeNs / Math.max(1, meanNs(arrivals.gap));
    case 'periodic': return timeNs / Math.max(1, arrivals.periodNs);
    case 'bursts': {
      const on = meanNs(arrivals.on);
      const share = on / Math.max(1, on + meanNs(arrivals.off));
      return (timeNs * share) / Math.max(1, meanNs(arrivals.gap));
    }
  }
}
