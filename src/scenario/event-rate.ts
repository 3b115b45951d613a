import { meanNs } from './distribution-mean.js';
import type { Background, Scenario } from './scenario.js';

/**
 * About how many events a machine has in each ns that no interrupt of a device causes: clock ticks,
 * timers and the sections of threads. A run of few interrupts may be long for their sake.
 */
export function ownEventsPerNs({ machine, sources }: Scenario): number {
  let sum = machine.processors / machine.tickNs;
  for (const source of sources) {
    if (source.kind === 'timer' && source.periodNs > 0) sum += 1 / source.periodNs;
  }
  for (const background of machine.background) sum += sectionsPerNs(background);
  return sum;
}

function sectionsPerNs({ busy, idle, passive, dispatch }: Background): number {
  // 0 stands for no thread, and for none of these sections.
  const busyNs = meanNs(busy);
  const dispatchNs = meanNs(dispatch);
  if (busyNs === 0) return 0;
  const rounds = 2 / Math.max(1, busyNs + meanNs(idle));
  return dispatchNs === 0 ? rounds : rounds + 2 / Math.max(1, dispatchNs + meanNs(passive));
}
