import { inputError } from './errors.js';
import {
  BOOLEAN,
  checkOptions,
  COUNT,
  either,
  FUNCTION,
  NUMBER,
  OBJECT,
  oneOf,
  type OptionKinds,
  orNull,
  PAIR,
  SIGNAL,
  TIME,
} from './option-kinds.js';
import { selectPolicies } from './policy/select-policies.js';
import { DEFAULT_FRONT, type SweepDocument } from './result/sweep-document.js';
import type { RunOptions } from './run/run-benchmark.js';
import { resolveScenario, type ScenarioOptions } from './scenario/parse.js';
import type { Scenario } from './scenario/scenario.js';
import { parseSetting } from './scenario/setting.js';
import { carryOutSweep, type SweepProgress } from './sweep/carry-out-sweep.js';
import { sweepFigures } from './sweep/cell.js';
import { parseParameter } from './sweep/parameter.js';
import { planSweep } from './sweep/plan-sweep.js';
import { TuneRunner } from './tune/carry-out-tune.js';
import { tune as tuneBy, type TuneOptions as TuneBy, type TuneResult } from './tune/tune.js';
import { quote } from './units.js';

/** The points of a sweep, and how each is run. */
export interface SweepOptions extends Pick<
  RunOptions,
  'seed' | 'shards' | 'warmup' | 'precision' | 'workers' | 'signal'
> {
  /**
   * Values by path, as a list or as `--param` has them:
   * `{ 'machine.processors': [1, 2, 4], 'machine.tick': '1ms..16msx2', policy: ['vista'] }`.
   */
  parameters: Readonly<Record<string, string | readonly (string | number)[]>>;
  /** So many combinations, by Latin hypercube; all if left out. */
  sample?: number;
  /** The two figures that are traded; IPIs and the p99 of DPC latency if left out. */
  front?: readonly [string, string];
  /** Loads what `arrivals: { recording }` names; left out, recordings are refused. */
  resolveRecording?: ScenarioOptions['resolveRecording'];
  /** Told whenever a combination is over. */
  onProgress?: (progress: SweepProgress) => void;
}

const SWEEP_OPTIONS: OptionKinds<SweepOptions> = {
  parameters: OBJECT,
  sample: COUNT,
  front: PAIR,
  seed: NUMBER,
  shards: orNull(NUMBER),
  warmup: either(oneOf('settle', 'none', 'auto'), TIME),
  precision: OBJECT,
  workers: NUMBER,
  signal: SIGNAL,
  resolveRecording: FUNCTION,
  onProgress: FUNCTION,
};

/**
 * Simulates a scenario at many points, all from one seed: every combination of the values, or a
 * sample of them.
 *
 * @param written a scenario as `resolveScenario` takes it. It stays as it is.
 * @returns a point for each combination and policy; `command` has the settings of it.
 * @throws InputError for options that there are not, or if no combination is a scenario.
 */
export async function sweep(written: object, options: SweepOptions): Promise<SweepDocument> {
  checkOptions(options, SWEEP_OPTIONS, 'sweep');
  const { resolveRecording, sample = null, seed = 1, workers, signal, onProgress } = options;
  const all = Object.entries(options.parameters ?? {}).map(([path, values]) => {
    if (typeof values !== 'string' && !Array.isArray(values)) {
      throw inputError(
        `the values of ${quote(path)} are no list`,
        'give a list, or a text of them',
      );
    }
    return parseParameter(`${path}=${typeof values === 'string' ? values : values.join(',')}`);
  });
  if (all.length === 0) {
    throw inputError('sweep needs parameters', "such as { 'machine.processors': [1, 2, 4] }");
  }
  const policies = all.find(({ path }) => path === 'policy')?.values;
  const parameters = all.filter(({ path }) => path !== 'policy');
  const open = (texts: readonly string[]): Scenario => {
    const settings = texts.map((text) => parseSetting(text, 'parameters'));
    const scenario = resolveScenario(written, { resolveRecording, settings });
    return policies === undefined
      ? scenario
      : { ...scenario, policies: selectPolicies(scenario, policies) };
  };
  // Whatever is wrong with the scenario itself is said before anything else.
  resolveScenario(written, { resolveRecording });
  const { front = DEFAULT_FRONT, shards, warmup, precision } = options;
  const plan = planSweep({
    parameters,
    sample,
    seed,
    front,
    open,
    commandOf: (settings) => settings.join(' '),
    options: { shards, warmup, precision },
  });
  return carryOutSweep(plan, { workers, signal, onProgress });
}

/** What a search for rules trades, and how long it searches. */
export interface TuneOptions extends Pick<RunOptions, 'seed' | 'workers' | 'signal'> {
  /** So many rule sets are tried; 200 if left out. */
  budget?: number;
  /** The two figures that are traded; IPIs and the p99 from interrupt to DPC if left out. */
  front?: readonly [string, string];
  /** Leave tunables and moderation as they are. */
  rulesOnly?: boolean;
  /** Loads what `arrivals: { recording }` names; left out, recordings are refused. */
  resolveRecording?: ScenarioOptions['resolveRecording'];
  /** Told whenever a few rule sets have been tried. */
  onProgress?: TuneBy['onProgress'];
}

const TUNE_OPTIONS: OptionKinds<TuneOptions> = {
  budget: COUNT,
  front: PAIR,
  rulesOnly: BOOLEAN,
  seed: NUMBER,
  workers: NUMBER,
  signal: SIGNAL,
  resolveRecording: FUNCTION,
  onProgress: FUNCTION,
};
const TUNE_BUDGET = 200;

/**
 * Searches for rule sets that no other one beats in both of two figures, and checks those that beat
 * Vista's on other seeds. The winners' `policy` can stand in a scenario's `policies`.
 *
 * @param written a scenario as `resolveScenario` takes it. It stays as it is.
 * @throws InputError for options that there are not, and for a scenario that cannot be tuned for.
 */
export async function tune(written: object, options: TuneOptions = {}): Promise<TuneResult> {
  checkOptions(options, TUNE_OPTIONS, 'tune');
  const { budget = TUNE_BUDGET, resolveRecording, rulesOnly = false, seed = 1 } = options;
  const { onProgress, signal, workers } = options;
  const open = (texts: readonly string[]): Scenario => {
    const settings = texts.map((text) => parseSetting(text));
    return resolveScenario(written, { resolveRecording, settings });
  };
  const wanted = options.front ?? ['ipis', 'interruptToDpc.p99'];
  const named = sweepFigures(wanted, { sources: [] });
  const [a, b] = named.front.map((place) => named.figures[place].name);
  const figures = [a, b] as const;
  const runner = new TuneRunner({ figures, open, workers, signal });
  return tuneBy(open([]), runner, figures, { budget, seed, rulesOnly, others: [], onProgress });
}
