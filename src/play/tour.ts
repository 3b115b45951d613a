import type { PlayState, PlayView } from './play-state.js';

/** A guided tour: a few steps, each a text beside a state of the page. */
export interface Tour {
  title: string;
  steps: TourStep[];
}

/** What a step does not say stays as it was in the step before it. */
export interface TourStep {
  text: string;
  scenario: PlayState['scenario'] | null;
  policies: [string, string] | null;
  seed: number | null;
  interrupts: number | null;
  /** `full`: as fast as it goes. */
  speedNs: number | 'full' | null;
  /** What the step is about: it is brought into sight. */
  look: PlayView | null;
  /** The policy whose longest wait is told when the run is over. */
  why: string | null;
}

/** The state of the page in a step, out of that of the step before it. */
export function stateIn(before: PlayState, step: TourStep): PlayState {
  const { interrupts, policies, scenario, seed, speedNs } = step;
  return {
    ...before,
    scenario: scenario ?? before.scenario,
    policies: policies ?? before.policies,
    seed: seed ?? before.seed,
    interrupts: interrupts ?? (scenario === null ? before.interrupts : null),
    speedNs: speedNs === 'full' ? null : (speedNs ?? before.speedNs),
  };
}
