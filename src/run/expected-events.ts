import { ownEventsPerNs } from '../scenario/event-rate.js';
import type { Scenario, Source } from '../scenario/scenario.js';
import { expectedInterrupts } from './expected-interrupts.js';

/** Long enough for a mean rate, whatever it is. */
const SECOND_NS = 1e9;

/**
 * About how many events one policy of the scenario will simulate: interrupts, and what the machine
 * does on its own while they arrive. Decides where a run is carried out.
 */
export function expectedEvents(scenario: Scenario): number {
  return expectedInterrupts(scenario) + expectedNs(scenario) * ownEventsPerNs(scenario);
}

function expectedNs({ until, sources, ...rest }: Scenario): number {
  const listed = sources.map(lastListedNs).filter((lastNs) => lastNs !== null);
  const drawn = sources.filter((source) => lastListedNs(source) === null);
  const second = { ...rest, sources: drawn, until: { timeNs: SECOND_NS, interrupts: null } };
  const perNs = expectedInterrupts(second) / SECOND_NS;
  const byInterrupts =
    until.interrupts === null || perNs === 0 ? Math.max(0, ...listed) : until.interrupts / perNs;
  return until.timeNs === null
    ? byInterrupts
    : until.interrupts === null
      ? until.timeNs
      : Math.min(until.timeNs, byInterrupts);
}

/** When the last arrival of a list comes; null for a source whose arrivals are drawn. */
function lastListedNs(source: Source): number | null {
  if (source.kind !== 'device') return null;
  const { arrivals } = source;
  if (arrivals.kind === 'at') return arrivals.atNs.at(-1) ?? 0;
  return arrivals.kind === 'recording' ? (arrivals.recording.atNs.at(-1) ?? 0) : null;
}
