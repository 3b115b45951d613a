import type { PolicyResult, ResultDocument } from '../result/document.js';
import { runBenchmark } from '../run/run-benchmark.js';
import { RunCancelled, type RunProgress } from '../run/tasks.js';
import type { Scenario } from '../scenario/scenario.js';
import {
  COVERED_FIGURES,
  coverageOf,
  holds,
  type ScenarioCoverage,
  valueOf,
} from '../stats/coverage.js';

export interface ScenarioCoverageOptions {
  experiments: number;
  workers: number;
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
}

/** The run that is taken for the truth is so many times as long as the scenario says. */
const TRUTH_TIMES = 50;
const TRUTH_SEED = 0;

/**
 * Runs each scenario as it stands with the seeds from 1 on, and counts how often the 95 % intervals
 * of its figures hold what a run 50 times as long finds.
 *
 * @throws InputError for a scenario that cannot be run; RunCancelled when aborted.
 */
export async function measureScenarioCoverage(
  scenarios: readonly Scenario[],
  options: ScenarioCoverageOptions,
): Promise<ScenarioCoverage[]> {
  const { experiments } = options;
  const total = scenarios.length * (TRUTH_TIMES + experiments);
  const rows: ScenarioCoverage[] = [];
  let done = 0;
  const carryOut = async (scenario: Scenario, seed: number, size: number) => {
    const document = await runBenchmark(scenario, {
      seed,
      census: false,
      workers: options.workers,
      signal: options.signal,
      onProgress: (progress) =>
        options.onProgress?.({
          ...progress,
          share: (done + size * progress.share) / total,
        }),
    });
    done += size;
    return document;
  };
  for (const scenario of scenarios) {
    const truth = await carryOut(longer(scenario), TRUTH_SEED, TRUTH_TIMES);
    const documents: ResultDocument[] = [];
    for (let seed = 1; seed <= experiments; seed++) {
      if (options.signal?.aborted === true) throw new RunCancelled(progressAt(done, total));
      documents.push(await carryOut(scenario, seed, 1));
    }
    rows.push(
      ...truth.results.map((result, i) =>
        rowOf(
          scenario.name,
          result,
          documents.map(({ results }) => results[i]),
        ),
      ),
    );
  }
  return rows;
}

function longer(scenario: Scenario): Scenario {
  const { interrupts, timeNs } = scenario.until;
  return {
    ...scenario,
    until: {
      timeNs: timeNs && timeNs * TRUTH_TIMES,
      interrupts: interrupts && interrupts * TRUTH_TIMES,
    },
  };
}

function progressAt(done: number, total: number): RunProgress {
  return { interrupts: 0, share: done / total, tasksDone: done, tasks: total };
}

function rowOf(
  scenario: string,
  truth: PolicyResult,
  experiments: readonly PolicyResult[],
): ScenarioCoverage {
  const figures = COVERED_FIGURES.map((figure) => {
    const value = valueOf(figure, truth);
    const held = experiments.filter((result) => value !== null && holds(figure, value, result));
    return { value, ...coverageOf(figure, held.length, experiments.length) };
  });
  return { scenario, policy: truth.policy, figures };
}
