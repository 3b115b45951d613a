import type { Obstacle, RaiseContext } from './raise-context.js';
import { entryNs } from './raise-context.js';

/** Entry times that were measured where nothing else took part, in the order of time. */
export interface EntrySamples {
  /** A softirq stream's name, or that of the handler's stream. */
  name: string;
  samplesNs: number[];
}

/** What the first part of a recording tells about the costs of its machine. */
export interface Calibration {
  /** R12: the least of all entry times. Everything above it is drawn. */
  dispatchNs: number;
  /** R13: the median time from one softirq's exit to the next one's entry. */
  dequeueNs: number;
  /** How many softirqs `dequeueNs` is the median of; it is 0 without any. */
  dequeueCount: number;
  /** From a thread's raise to the entry, by softirq stream; only names with samples. */
  afterRaise: EntrySamples[];
  /** From the exit of the handler that raised it to the entry, by the handler's stream. */
  afterHandler: EntrySamples[];
}

/**
 * Measures costs on the softirqs that were entered before `untilNs`. What comes later has no part
 * in it. Entry times hold what the recorder itself took between the two events.
 */
export function calibrate(contexts: readonly RaiseContext[], untilNs: number): Calibration {
  const used = contexts.filter(({ place }) => entryNs(place) < untilNs);
  const afterRaise = samplesOf(used, 'nothing', ({ place }) => place.stream.name);
  const afterHandler = samplesOf(used, 'handler', ({ handler }) => handler?.stream.name ?? '');
  const between = used
    .filter(({ obstacle }) => obstacle === 'softirq')
    .map((context) => context.entryNs)
    .sort((a, b) => a - b);
  const entries = [...afterRaise, ...afterHandler];
  const least = entries.reduce(
    (before, { samplesNs }) => samplesNs.reduce((a, b) => Math.min(a, b), before),
    Infinity,
  );
  return {
    dispatchNs: least === Infinity ? 0 : least,
    dequeueNs: between.length === 0 ? 0 : between[(between.length - 1) >> 1],
    dequeueCount: between.length,
    afterRaise,
    afterHandler,
  };
}

function samplesOf(
  contexts: readonly RaiseContext[],
  obstacle: Obstacle,
  nameOf: (context: RaiseContext) => string,
): EntrySamples[] {
  const byName = new Map<string, number[]>();
  for (const context of contexts) {
    if (context.obstacle !== obstacle) continue;
    const name = nameOf(context);
    const samples = byName.get(name);
    if (samples === undefined) byName.set(name, [context.entryNs]);
    else samples.push(context.entryNs);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, samplesNs]) => ({ name, samplesNs }));
}
