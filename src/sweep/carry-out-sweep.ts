import { availableParallelism } from 'node:os';
import type { Journal } from '../disk/journal.js';
import { sha256Hex } from '../disk/sha256.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { EXIT, InputError, inputError } from '../errors.js';
import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { describeScenario } from '../run/describe-scenario.js';
import { expectedEvents } from '../run/expected-events.js';
import { executeInProcess } from '../run/in-process.js';
import { runJobs } from '../run/pool.js';
import { shareRecordings } from '../run/shared-state.js';
import { canonicalJson } from '../scenario/canonical.js';
import type { Scenario } from '../scenario/scenario.js';
import { type CellJob, type CellPoint, runCell } from './cell.js';
import type { CellAnswer } from './cell-worker.js';
import type { Choice } from './design.js';

/** What a sweep simulates: a scenario for each choice. */
export interface SweepPlan extends Omit<SweepDocument, 'points' | 'policies'> {
  choices: readonly Choice[];
  /** @throws InputError for a choice that is no scenario. */
  open: (choice: Choice) => Scenario;
  /** Each `PATH=VALUE`. */
  settingsAt: (choice: Choice) => string[];
  commandOf: (choice: Choice) => string;
  options: CellJob['options'];
}

export interface SweepControl {
  workers?: number;
  signal?: AbortSignal;
  /** Finished choices are put into it, and those that it has are not run again. */
  journal?: Journal;
  onProgress?: (progress: SweepProgress) => void;
}

export interface SweepProgress {
  choices: number;
  /** Those that are over, and those of them that were simulated now. */
  done: number;
  simulated: number;
}

/** A sweep that was ended from outside; what is finished stands in the journal. */
export class SweepCancelled extends Error {
  override readonly name = 'SweepCancelled';
  constructor(readonly progress: SweepProgress) {
    super(`cancelled after ${progress.done} of ${progress.choices} choices`);
  }
}

type Outcome = { points: CellPoint[] } | { error: InputError };

/** Fewer events than this, all together, are over before threads have started. */
const IN_PROCESS_EVENTS = 1_000_000;

/**
 * Simulates every choice of a sweep, each under all of its policies and all from one seed, so that
 * points differ by what was chosen and as little as can be by chance. The document is a function
 * of the plan and the kernel.
 *
 * @throws InputError if no choice at all is a scenario; SweepCancelled when aborted.
 */
export async function carryOutSweep(
  plan: SweepPlan,
  { workers, signal, journal, onProgress }: SweepControl = {},
): Promise<SweepDocument> {
  const outcomes: Outcome[] = new Array<Outcome>(plan.choices.length);
  const progress = { choices: plan.choices.length, done: 0, simulated: 0 };
  const settle = (index: number, outcome: Outcome): void => {
    outcomes[index] = outcome;
    progress.done += 1;
    onProgress?.(progress);
  };
  const finish = ({ index, key }: PlannedJob, outcome: Outcome): void => {
    progress.simulated += 1;
    if ('points' in outcome) journal?.add(key, Buffer.from(JSON.stringify(outcome.points)));
    settle(index, outcome);
  };
  const jobs = plannedJobs(plan, journal, settle);
  await simulate(jobs, finish, { plan, workers, signal });
  if (signal?.aborted === true) throw new SweepCancelled(progress);
  return documentOf(plan, outcomes);
}

interface PlannedJob {
  index: number;
  key: string;
  job: CellJob;
}

/** What is left to simulate, found choice by choice. */
function* plannedJobs(
  plan: SweepPlan,
  journal: Journal | undefined,
  settle: (index: number, outcome: Outcome) => void,
): Generator<PlannedJob> {
  const { choices, figures, options } = plan;
  const known = new Set(journal?.keys());
  for (const [index, choice] of choices.entries()) {
    let scenario: Scenario;
    try {
      scenario = plan.open(choice);
    } catch (error) {
      settle(index, { error: problemOf(error) });
      continue;
    }
    const key = keyOf(scenario, plan);
    const kept = known.has(key) ? journal?.get(key) : undefined;
    if (kept === undefined) yield { index, key, job: { scenario, figures, options } };
    else settle(index, { points: JSON.parse(Buffer.from(kept).toString()) as CellPoint[] });
  }
}

/** Names what is simulated at a choice: another scenario or other options have another one. */
export function keyOf(
  scenario: Scenario,
  { figures, options }: Pick<SweepPlan, 'figures' | 'options'>,
): string {
  const described = describeScenario(scenario, sha256Hex);
  return sha256Hex([Buffer.from(canonicalJson({ described, figures, options }))]);
}

/** A choice may be no scenario; a file that cannot be read any more ends the sweep. */
function problemOf(error: unknown): InputError {
  if (error instanceof InputError && error.exitCode === EXIT.usage) return error;
  throw error;
}

interface Ground {
  plan: SweepPlan;
  workers?: number;
  signal?: AbortSignal;
}

/** Choices side by side; a few large ones one after another, each over all threads. */
async function simulate(
  jobs: Generator<PlannedJob>,
  finish: (job: PlannedJob, outcome: Outcome) => void,
  { plan, workers = availableParallelism(), signal }: Ground,
): Promise<void> {
  const first = jobs.next();
  if (first.done === true) return;
  const all = chain(first.value, jobs);
  const { scenario } = first.value.job;
  const events = expectedEvents(scenario) * scenario.policies.length;
  const { length } = plan.choices;
  const isSmall = events * length < IN_PROCESS_EVENTS;
  if (isSmall || length < 2 * workers || workers === 1) {
    for (const planned of all) {
      if (signal?.aborted === true) return;
      const execute = isSmall ? executeInProcess : undefined;
      finish(planned, await outcomeOf(planned.job, execute, { workers, signal }));
    }
    return;
  }
  const { hash } = shippedKernel().identity;
  await runJobs<PlannedJob, CellAnswer>(all, {
    worker: '#cell-worker',
    threads: workers,
    signal,
    messageOf: ({ job }) => ({ ...job, scenario: shareRecordings(job.scenario) }),
    onAnswer: (planned, answer) => {
      if (answer.kind === 'problems') {
        const error = problemOf(new InputError(answer.problems, answer.exitCode));
        finish(planned, { error });
        return;
      }
      if (answer.kernelHash !== hash) {
        throw inputError(
          "a worker's kernel is not that of the sweep",
          'run `npm run build` before',
        );
      }
      finish(planned, { points: answer.points });
    },
  });
}

function* chain<T>(first: T, rest: Generator<T>): Generator<T> {
  yield first;
  yield* rest;
}

async function outcomeOf(...args: Parameters<typeof runCell>): Promise<Outcome> {
  try {
    return { points: await runCell(...args) };
  } catch (error) {
    return { error: problemOf(error) };
  }
}

function documentOf(plan: SweepPlan, outcomes: readonly Outcome[]): SweepDocument {
  const { choices, open: _, commandOf, options: __, settingsAt: ___, ...rest } = plan;
  const points: SweepPoint[] = [];
  const policies: string[] = [];
  outcomes.forEach((outcome, i) => {
    const place = { choice: [...choices[i]], command: commandOf(choices[i]), report: '' };
    if ('error' in outcome) {
      const nothing = { policy: '', figures: [], shards: 0, interrupts: 0, note: '' };
      const problem = outcome.error.message;
      points.push({ number: points.length + 1, ...place, ...nothing, problem });
      return;
    }
    for (const point of outcome.points) {
      if (!policies.includes(point.policy)) policies.push(point.policy);
      points.push({ number: points.length + 1, ...place, ...point, problem: '' });
    }
  });
  const [first] = outcomes;
  if (policies.length === 0 && first !== undefined && 'error' in first) throw first.error;
  return { ...rest, policies, points };
}
