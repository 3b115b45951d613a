import { setImmediate } from 'node:timers/promises';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import type { ResultDocument } from '../result/document.js';
import { MACHINE_FOCUS } from '../scenario/guess-focus.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LongestWait, WorstWait } from '../timeline/worst-wait.js';
import { usualExecutor, runBenchmark, type RunOptions } from './run-benchmark.js';
import { SeenShards } from './seen-shards.js';
import { RunCancelled } from './tasks.js';
import { tellWait } from './tell-wait.js';

export interface WorstAnswer {
  document: ResultDocument;
  /** By policy; null where no DPC was taken. */
  worst: (WorstWait | null)[];
}

export interface WorstOptions extends RunOptions {
  /** The source whose worst wait is looked for; left out: any DPC. */
  source?: string;
}

/**
 * Runs the scenario as `runBenchmark` does, finds the shard with the longest wait of each policy,
 * and simulates that one again with the event log on, up to the wait. What it finds is the `maxNs`
 * that the result has.
 *
 * @throws InputError for a source that has no DPC of its own; RunCancelled when aborted.
 */
export async function findWorstWaits(
  scenario: Scenario,
  { source, ...options }: WorstOptions,
): Promise<WorstAnswer> {
  const sourceIndex = source === undefined ? null : indexOfSource(scenario, source);
  const seen = new SeenShards(source ?? null);
  const execute = seen.watch(usualExecutor(scenario));
  // Every shard then tells the source's own longest wait.
  const focus = source === undefined ? scenario.focus : { ...MACHINE_FOCUS, sources: [source] };
  const document = await runBenchmark({ ...scenario, focus }, options, execute);
  const worst: (WorstWait | null)[] = [];
  for (const policyIndex of scenario.policies.keys()) {
    const found = seen.worstOf(policyIndex);
    const breathe = (): Promise<void> => breathing(options.signal);
    const replay = { scenario, sourceIndex, kernel: shippedKernel('debug'), breathe };
    worst.push(found === null ? null : await tellWait(replay, found));
  }
  return { document, worst };
}

function indexOfSource({ sources }: Scenario, name: string): number {
  const index = sources.findIndex((each) => each.name === name);
  const source = sources[index];
  if (source?.kind === 'device' && source.dpc !== null) return index;
  const own = sources.filter((each) => each.kind === 'device' && each.dpc !== null);
  const names = own.map((each) => each.name).join(', ');
  const why = source === undefined ? 'there is no such source' : 'it has no DPC of its own';
  throw inputError(`--source ${name}: ${why}`, `with a DPC there are: ${names || 'none'}`);
}

/**
 * The longest wait under each policy of a run that `seen` has watched, in the order of policies.
 * Simulates so much again as a reader of a report would wait for, whatever the size of a shard.
 *
 * @throws RunCancelled when aborted.
 */
export async function tellLongestWaits(
  scenario: Scenario,
  seen: SeenShards,
  { mostEvents = MOST_EVENTS, onPolicy, signal }: TellOptions = {},
): Promise<LongestWait[]> {
  const { policies } = scenario;
  const waits: LongestWait[] = [];
  const events = Math.floor(mostEvents / policies.length);
  const kernel = shippedKernel('debug');
  for (const policyIndex of policies.keys()) {
    const breathe = (): Promise<void> => {
      onPolicy?.(policyIndex);
      return breathing(signal);
    };
    const found = seen.worstOf(policyIndex);
    const replay = { scenario, sourceIndex: null, kernel, breathe, mostEvents: events };
    const worst = found === null ? null : await tellWait(replay, found);
    if (found === null) waits.push({ kind: 'none' });
    else if (worst === null) waits.push({ kind: 'far', waitNs: found.maxNs, events });
    else waits.push({ kind: 'told', worst });
  }
  return waits;
}

/** All policies together: a few seconds. */
const MOST_EVENTS = 16_000_000;

export interface TellOptions {
  mostEvents?: number;
  /** Told again and again whose wait is looked for. */
  onPolicy?: (policyIndex: number) => void;
  signal?: AbortSignal;
}

async function breathing(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal?.aborted === true) {
    throw new RunCancelled({ interrupts: 0, share: 1, tasksDone: 0, tasks: 1 });
  }
}
