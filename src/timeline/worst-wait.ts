import type { Step } from './explain-event.js';
import type { Timeline } from './timeline.js';
import type { WaitStory } from './wait-causes.js';

/** The longest wait of a DPC under a policy, found again in the shard that had it. */
export interface WorstWait extends WaitStory {
  policy: string;
  /** The DPC object that waited. */
  dpc: string;
  waitNs: number;
  shard: number;
  /**
   * What happened on the processor that took the DPC, around the wait and at its ends; a number
   * stands for so many steps that are left out.
   */
  around: (Step | number)[];
  timeline: Timeline;
}

/** What can be said of the longest wait under a policy. */
export type LongestWait =
  | { kind: 'told'; worst: WorstWait }
  /** No DPC was taken. */
  | { kind: 'none' }
  /** It lies so far into its shard that it was not looked for: more events come before it. */
  | { kind: 'far'; waitNs: number; events: number };

/** So many causes at the beginning, and as many at the end, are told. */
const MOST_CAUSES = 7;

/** The first and the last of many causes, and how many are left out between them. */
export function fewCauses(causes: readonly Step[]): (Step | number)[] {
  const left = causes.length - 2 * MOST_CAUSES;
  if (left <= 1) return [...causes];
  return [...causes.slice(0, MOST_CAUSES), left, ...causes.slice(-MOST_CAUSES)];
}
