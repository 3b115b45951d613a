import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { Shard } from '../kernel/shard.js';
import { logBatches } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import { explainEvent, type Step } from '../timeline/explain-event.js';
import type { LogEvent } from '../timeline/log-event.js';
import {
  busyProcessors,
  lanesAround,
  MOST_LANES,
  narrowed,
} from '../timeline/narrowed-timeline.js';
import { ReplayedTimeline } from '../timeline/replayed-timeline.js';
import { type Timeline, TimelineBuilder, type Window } from '../timeline/timeline.js';

/** A stretch of a shard, event by event. */
export interface SlowMotion {
  shardIndex: number;
  steps: SlowStep[];
  timeline: Timeline;
  /** The processors that do something, ascending. */
  busy: readonly number[];
  /** Those of which the timeline tells all; left out: every one. */
  told?: readonly number[];
}

/** What happened, and on whose queue, where it was an insert; else on which processor. */
export interface SlowStep extends Step {
  to: number;
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
  const steps: SlowStep[] = [];
  const upTo = { ...shard, untilTimeNs: Math.min(untilTimeNs ?? Infinity, window.toNs) };
  for (const batch of logBatches({ ...upTo, scenario }, { kernel, details: true })) {
    for (let i = 0; i < batch.count; i++) {
      const event = batch.detailedEvent(i, scenario) as unknown as LogEvent;
      if (!builder.add(event)) break;
      if (event.t < window.fromNs) continue;
      const step = explainEvent(event, builder.state, scenario, policyIndex);
      const to = event.e === 'insert' ? event.target : event.p;
      if (step !== null) steps.push({ ...step, to });
    }
  }
  const timeline = builder.finish();
  return { shardIndex, steps, timeline, busy: busyProcessors(timeline) };
}

/** What of it can be shown at once: of a large machine the processors around one of them. */
export function motionAround(motion: SlowMotion, processor: number): SlowMotion {
  const { busy, steps, timeline } = motion;
  if (timeline.processors <= MOST_LANES) return motion;
  const kept = new Set([...lanesAround(busy, processor), processor]);
  return {
    ...motion,
    steps: steps.filter(({ p, to }) => kept.has(p) || kept.has(to)),
    timeline: narrowed(timeline, kept),
    told: [...kept],
  };
}

/** More events than that take a page too long: fewer processors are shown. */
const MOST_SHOWN_EVENTS = 8_000;

/** What of a wait's timeline can be shown at once, and told. */
export interface ShownTimeline extends Pick<SlowMotion, 'timeline' | 'busy' | 'told'> {
  /** Left out, as the timeline's events are, where a single processor has too many. */
  steps?: readonly Step[];
}

/** It is told whole, or around one of its processors: of as many as can be shown. */
export function timelineAround(whole: Timeline, scene: Scenario, processor: number): ShownTimeline {
  const busy = busyProcessors(whole);
  if (whole.processors <= MOST_LANES && whole.events.length <= MOST_SHOWN_EVENTS) {
    return { timeline: whole, busy, steps: new ReplayedTimeline(scene, whole).steps };
  }
  for (let lanes = MOST_LANES; ; lanes = lanes / 2) {
    const kept = new Set([...lanesAround(busy, processor, lanes), processor]);
    const timeline = narrowed(whole, kept);
    const told = [...kept];
    if (timeline.events.length <= MOST_SHOWN_EVENTS) {
      return { timeline, busy, told, steps: new ReplayedTimeline(scene, timeline).steps };
    }
    if (lanes === 1) return { timeline: { ...timeline, events: [] }, busy, told };
  }
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
