import type { Scenario } from '../scenario/scenario.js';
import type { Timeline } from '../timeline/timeline.js';

/** What the page of a timeline carries beside its code. */
export interface TimelineContent {
  schema: typeof TIMELINE_SCHEMA;
  title: string;
  /** What the timeline is of, with one policy (`sceneOf`). */
  scene: Scenario;
  timeline: Timeline;
}

export const TIMELINE_SCHEMA = 'dpcbench-timeline/1';
