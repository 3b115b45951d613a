import type { Arrivals, Scenario } from '../scenario/scenario.js';
import { explainEvent, type Step } from './explain-event.js';
import { MachineState } from './machine-state.js';
import type { Timeline } from './timeline.js';

/**
 * What a timeline's reader wants of its scenario: one policy, and no arrivals, which may be long
 * lists and have happened.
 */
export function sceneOf(scenario: Scenario, policyIndex: number): Scenario {
  return {
    ...scenario,
    policies: [scenario.policies[policyIndex]],
    sources: scenario.sources.map((source) =>
      source.kind === 'device' ? { ...source, arrivals: NO_ARRIVALS } : source,
    ),
  };
}

const NO_ARRIVALS: Arrivals = { kind: 'at', atNs: [] };

/** Timelines of more events are drawn, but not told step by step. */
export const MOST_TOLD_EVENTS = 20_000;

/** A timeline whose events are carried out again: what each of them says, and what it led to. */
export class ReplayedTimeline {
  /** What happened in the window, in order. */
  readonly steps: readonly Step[];
  private readonly state: MachineState;
  /** How many events `state` has carried out. */
  private done = 0;

  /** `scene` is that of the timeline's policy (`sceneOf`); `told` are steps that are known. */
  constructor(
    scene: Scenario,
    private readonly timeline: Timeline,
    told?: readonly Step[],
  ) {
    this.state = new MachineState(scene, 0);
    this.state.restore(timeline.start);
    if (told !== undefined) {
      this.steps = told;
      return;
    }
    this.steps = timeline.events.flatMap((event) => {
      this.state.apply(event);
      return explainEvent(event, this.state, scene, 0) ?? [];
    });
    this.done = timeline.events.length;
  }

  /** The last of the steps that have happened by an instant; −1 for none. */
  lastStepAt(ns: number): number {
    let [low, high] = [-1, this.steps.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.steps[middle].t <= ns) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The machine when everything has happened that is due by an instant of the window. */
  at(ns: number): MachineState {
    const { events, start } = this.timeline;
    if (this.done > 0 && events[this.done - 1].t > ns) {
      this.state.restore(start);
      this.done = 0;
    }
    for (; this.done < events.length && events[this.done].t <= ns; this.done++) {
      this.state.apply(events[this.done]);
    }
    return this.state;
  }
}
