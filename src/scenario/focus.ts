/** Latencies that a question may be about. */
export const FOCUS_LATENCIES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
export type FocusLatency = (typeof FOCUS_LATENCIES)[number];

/** Figures of a latency, as they are written and as a result has them. */
export const STATISTICS = {
  mean: 'meanNs',
  p50: 'p50Ns',
  p90: 'p90Ns',
  p99: 'p99Ns',
  'p99.9': 'p999Ns',
  'p99.99': 'p9999Ns',
} as const;
export type WrittenStatistic = keyof typeof STATISTICS;
export type FocusStatistic = (typeof STATISTICS)[WrittenStatistic];
export const FOCUS_STATISTICS = Object.values(STATISTICS);

/** Counters that a question may be about. */
export const FOCUS_COUNTERS = [
  'ipis',
  'localRequests',
  'suppressed',
  'declined',
  'drains',
  'rescues',
  'dpcs',
  'isrs',
  'merged',
  'coalesced',
  'dropped',
  'routineTimeouts',
  'dispatchTimeouts',
] as const;
export type FocusCounter = (typeof FOCUS_COUNTERS)[number];

/**
 * What a scenario's question is about. Says what is told first, and nothing about what is
 * simulated: it is no part of what a scenario's hash is computed over.
 */
export interface Focus {
  /** Names of sources; empty: the whole machine. */
  sources: string[];
  /**
   * Names of the sources with which those are compared under the same policy, one for each of
   * them; empty: each is compared with itself under the first policy.
   */
  against: string[];
  latencies: FocusLatency[];
  statistic: FocusStatistic;
  counters: FocusCounter[];
}

/** The sources of a focus, each once: those whose figures every shard must tell. */
export function focusedNames(focus: Focus | undefined): string[] {
  return focus === undefined ? [] : [...new Set([...focus.sources, ...focus.against])];
}

/** The sources that a focus names and their places, in the order of the scenario. */
export function focusedSources(scenario: {
  focus?: Focus;
  sources: readonly { name: string }[];
}): { name: string; index: number }[] {
  const focused = new Set(focusedNames(scenario.focus));
  return scenario.sources.flatMap(({ name }, index) =>
    focused.has(name) ? [{ name, index }] : [],
  );
}
