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
