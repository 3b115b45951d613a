import type { Obstacle, RaiseContext, RecordingContexts } from './raise-context.js';
import { entryNs } from './raise-context.js';

/** Times that were measured where nothing else took part, in the order of time. */
export interface EntrySamples {
  /** A softirq stream's name, or that of the handler's stream. */
  name: string;
  samplesNs: number[];
}

/** What the first part of a recording tells about the costs of its machine. */
export interface Calibration {
  /**
   * R12: the least of all entry times, or `dequeueNs` if less and no handler was seen to raise
   * anything. What is above it is drawn.
   */
  dispatchNs: number;
  /** R13: the median time from one softirq's exit to the next one's entry. */
  dequeueNs: number;
  /** How many softirqs `dequeueNs` is the median of; it is 0 without any. */
  dequeueCount: number;
  /**
   * From a thread's raise to the entry, by softirq stream; only names with samples. Of raises with
   * one entry for all of them, from the last raise, by its stream.
   */
  afterRaise: EntrySamples[];
  /** From the exit of the handler that raised it to the entry, by the handler's stream. */
  afterHandler: EntrySamples[];
  /**
   * How long a handler's entry came after what raised a softirq that it came in between, by the
   * handler's stream: what it took to take the interrupt, which no event shows.
   */
  beforeHandler: EntrySamples[];
}

/**
 * Measures costs on the softirqs that were entered before `untilNs`. What comes later has no part
 * in it. Entry times hold what the recorder itself took between the two events.
 */
export function calibrate({ raises, handlers }: RecordingContexts, untilNs: number): Calibration {
  const used = raises.filter(({ place }) => entryNs(place) < untilNs);
  const afterRaise = samplesOf(used, 'nothing', lastRaised);
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
  const dequeueNs = between.length === 0 ? 0 : between[(between.length - 1) >> 1];
  // Where no handler that raises is seen, an entry may hold the rest of one. A next one does not.
  const bound = afterHandler.length > 0 || between.length === 0 ? Infinity : dequeueNs;
  return {
    dispatchNs: least === Infinity ? 0 : Math.min(least, bound),
    dequeueNs,
    dequeueCount: between.length,
    afterRaise,
    afterHandler,
    beforeHandler: byName(
      handlers
        .filter(({ place, beforeEntry }) => beforeEntry && entryNs(place) < untilNs)
        .map(({ place, sinceNs }) => ({ name: place.stream.name, ns: sinceNs })),
    ),
  };
}

/** The stream of the last raise for which the same entry was made. */
function lastRaised({ place, batch }: RaiseContext): string {
  return (batch?.places.at(-1) ?? place).stream.name;
}

function samplesOf(
  contexts: readonly RaiseContext[],
  obstacle: Obstacle,
  nameOf: (context: RaiseContext) => string,
): EntrySamples[] {
  return byName(
    contexts
      .filter((context) => context.obstacle === obstacle)
      .map((context) => ({ name: nameOf(context), ns: context.entryNs })),
  );
}

function byName(times: readonly { name: string; ns: number }[]): EntrySamples[] {
  const samples = new Map<string, number[]>();
  for (const { name, ns } of times) {
    const own = samples.get(name);
    if (own === undefined) samples.set(name, [ns]);
    else own.push(ns);
  }
  return [...samples]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, samplesNs]) => ({ name, samplesNs }));
}
