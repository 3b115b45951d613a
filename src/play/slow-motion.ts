import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { Shard } from '../kernel/shard.js';
import { logBatches } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import { explainEvent, type Step } from '../timeline/explain-event.js';
import type { LogEvent } from '../timeline/log-event.js';
import { sceneOf } from '../timeline/replayed-timeline.js';
import { type Timeline, TimelineBuilder, type Window } from '../timeline/timeline.js';

/** A stretch of a shard, event by event. */
export interface SlowMotion {
  shardIndex: number;
  steps: Step[];
  timeline: Timeline;
  /** What the timeline's reader wants of the scenario. */
  scene: Scenario;
}

/**
 * Simulates the shard again by the debug kernel, with the event log on, and keeps what lies in the
 * window. Results do not depend on the log, so this is what the shard did.
 */
export function slowMotionOf(
  scenario: Scenario,
  shard: Shard,
  { kernel, window }: { kernel: CompiledKernel; window: Window },
): SlowMotion {
  const { policyIndex, shardIndex, untilTimeNs } = shard;
  const builder = new TimelineBuilder(scenario, policyIndex, window);
  const steps: Step[] = [];
  const upTo = { ...shard, untilTimeNs: Math.min(untilTimeNs ?? Infinity, window.toNs) };
  for (const batch of logBatches({ ...upTo, scenario }, { kernel, details: true })) {
    for (let i = 0; i < batch.count; i++) {
      const event = batch.detailedEvent(i, scenario) as unknown as LogEvent;
      if (!builder.add(event)) break;
      if (event.t < window.fromNs) continue;
      const step = explainEvent(event, builder.state, scenario, policyIndex);
      if (step !== null) steps.push(step);
    }
  }
  const scene = sceneOf(scenario, policyIndex);
  return { shardIndex, steps, timeline: builder.finish(), scene };
}

/** The last of the steps that have happened by an instant; −1 for none. */
export function lastStep(steps: readonly Step[], nowNs: number): number {
  let low = -1;
  let high = steps.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle].t <= nowNs) low = middle;
    else high = middle - 1;
  }
  return low;
}
