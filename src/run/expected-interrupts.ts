import type { Arrivals, Scenario } from '../scenario/scenario.js';
import { meanNs } from '../scenario/distribution-mean.js';

/**
 * About how many interrupts one policy of the scenario will simulate, from its mean rates. Decides
 * where a run is carried out, and into how many shards it is cut unless that is said.
 */
export function expectedInterrupts(scenario: Scenario): number {
  const { timeNs, interrupts } = scenario.until;
  const limit = interrupts ?? Infinity;
  if (timeNs === null) return limit;
  let sum = 0;
  for (const source of scenario.sources) {
    sum += source.kind === 'timer' ? timeNs / source.periodNs : within(source.arrivals, timeNs);
  }
  return Math.min(limit, sum);
}

function within(arrivals: Arrivals, timeNs: number): number {
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
