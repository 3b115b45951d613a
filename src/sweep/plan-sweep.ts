import { InputError } from '../errors.js';
import type { SweepParameter } from '../result/sweep-document.js';
import type { Scenario } from '../scenario/scenario.js';
import type { SweepPlan } from './carry-out-sweep.js';
import { sweepFigures } from './cell.js';
import { type Choice, designOf } from './design.js';

export interface SweepRequest {
  parameters: readonly SweepParameter[];
  /** So many choices, by Latin hypercube; all for null. */
  sample: number | null;
  seed: number;
  /** The two figures that are traded. */
  front: readonly string[];
  /**
   * The scenario with these settings, each `PATH=VALUE`.
   *
   * @throws InputError for settings that are no scenario.
   */
  open: (settings: readonly string[]) => Scenario;
  /** What repeats a point with these settings. */
  commandOf: (settings: readonly string[]) => string;
  /** How each choice is run. */
  options: Omit<SweepPlan['options'], 'seed'>;
}

/** @throws InputError if no choice is a scenario, for too many points, and for no such figure. */
export function planSweep(request: SweepRequest): SweepPlan {
  const { parameters, sample, seed } = request;
  const settingsAt = (choice: Choice): string[] =>
    parameters.map(({ path, values }, i) => `${path}=${values[choice[i]]}`);
  const open = (choice: Choice): Scenario => request.open(settingsAt(choice));
  const choices = designOf(parameters, { policies: 1, sample, seed });
  const base = firstScenario(choices, open);
  // How many policies there are is known only now.
  designOf(parameters, { policies: base.policies.length, sample, seed });
  return {
    name: base.name,
    question: base.question,
    parameters: [...parameters],
    ...sweepFigures(request.front, base),
    seed,
    choices,
    open,
    settingsAt,
    commandOf: (choice) => request.commandOf(settingsAt(choice)),
    options: { ...request.options, seed },
  };
}

/** Opens the first choice that is a scenario. @throws InputError of the first if none is. */
function firstScenario(choices: readonly Choice[], open: (choice: Choice) => Scenario): Scenario {
  let first: unknown = null;
  for (const choice of choices) {
    try {
      return open(choice);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
    }
  }
  throw first;
}
