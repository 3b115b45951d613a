/**
 * dpcbench as a library: what the command line does, without it. docs/library.md shows how.
 *
 * ```ts
 * const scenario = loadScenario('w8');
 * const result = await run(scenario, { seed: 7 });
 * console.log(result.results[0].latency.dpcWait.p99Ns);
 * ```
 */
export {
  compare,
  gate,
  type GateOptions,
  run,
  toCsv,
  toMarkdown,
  toOpenMetrics,
  toParquet,
  validate,
} from './library.js';
export { sweep, type SweepOptions, tune, type TuneOptions } from './library-experiments.js';
export type { RunOptions } from './run/run-benchmark.js';
export { toJunit as toJUnit } from './export/junit.js';
export { trace } from './run/trace.js';
export { RunCancelled, type RunProgress } from './run/tasks.js';
export { SweepCancelled } from './sweep/carry-out-sweep.js';
export { loadScenario } from './disk/load-scenario.js';
export { parseScenario, resolveScenario, type ScenarioOptions } from './scenario/parse.js';
export { CATALOG_NAMES as scenarioNames } from './disk/catalog.js';
export { scenarioJsonSchema } from './scenario/json-schema.js';
export { PRESETS as policies } from './policy/presets.js';
export { selectPolicies } from './policy/select-policies.js';
export { importRecording, openRecording } from './recording/import-recording.js';
export { replayScenario, type ReplayOptions } from './recording/replay.js';
export { fitRecording as fit } from './study/fit-recording.js';
export { renderDocuments as renderReport, renderFitDocument } from './run/render-documents.js';
export { formatFit } from './export/fit-table.js';
export { formatTerminal } from './export/terminal.js';
export { readResult } from './export/read-result.js';
export { verdict } from './stats/verdict.js';
export { InputError, type Problem } from './errors.js';

export type { Recording } from './recording/recording.js';
export type { ImportReport } from './recording/import-report.js';
export type { TraceEvent } from './kernel/shard.js';
export type { CounterName, ShardOutcome } from './result/outcome.js';
export type { Condition, Policy } from './policy/policy.js';
export type { Scenario, Source } from './scenario/scenario.js';
export type { FitDocument } from './stats/fit.js';
export type { ResultComparison } from './stats/compare-experiments.js';
export type { SweepDocument, SweepPoint } from './result/sweep-document.js';
export type { TuneResult } from './tune/tune.js';
export type { GateOutcome } from './stats/gate.js';
export type { Validation } from './stats/validation.js';
export type { LatencySummary, PolicyResult, ResultDocument } from './result/document.js';
