import { setImmediate } from 'node:timers/promises';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import type { LogBatch } from '../kernel/read-log.js';
import type { Shard } from '../kernel/shard.js';
import { logBatches } from '../kernel/simulate.js';
import type { ResultDocument } from '../result/document.js';
import type { ShardLine } from '../result/shard-line.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from '../timeline/log-event.js';
import { StepKeeper } from '../timeline/step-keeper.js';
import { TimelineBuilder } from '../timeline/timeline.js';
import { type Wait, WaitTeller } from '../timeline/wait-causes.js';
import type { WorstWait } from '../timeline/worst-wait.js';
import { usualExecutor, runBenchmark, type RunOptions } from './run-benchmark.js';
import { type Execute, RunCancelled } from './tasks.js';

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
  const seen = new SeenShards();
  const execute = seen.watch(usualExecutor(scenario));
  const intervals = sourceIndex === null ? options.intervals : 'all';
  const document = await runBenchmark(scenario, { ...options, intervals }, execute);
  const worst: (WorstWait | null)[] = [];
  for (const policyIndex of scenario.policies.keys()) {
    const found = seen.worstOf(policyIndex, sourceIndex);
    const replay = { scenario, sourceIndex, signal: options.signal };
    worst.push(found === null ? null : await tellAgain(replay, found));
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

interface FoundShard {
  shard: Shard;
  maxNs: number;
}

/** The shards that a run is made of, and their lines. */
class SeenShards {
  private shards: readonly Shard[] = [];
  private readonly lines = new Map<number, ShardLine[]>();

  /** Where figures drift, a run is done again: the last time counts. */
  watch(execute: Execute): Execute {
    return (scenario, shards, onSum, options) => {
      this.shards = shards;
      this.lines.clear();
      return execute(scenario, shards, (sum) => onSum(this.keep(sum)), options);
    };
  }

  private keep(sum: PolicySumState): PolicySumState {
    const { lines, policyIndex } = sum;
    this.lines.set(policyIndex, [...(this.lines.get(policyIndex) ?? []), ...lines]);
    return sum;
  }

  /** The first of the shards that have the longest wait. */
  worstOf(policyIndex: number, sourceIndex: number | null): FoundShard | null {
    const waits = (this.lines.get(policyIndex) ?? []).flatMap((line) => {
      const { latency } = sourceIndex === null ? line : line.sources[sourceIndex];
      const { count, maxNs } = latency.dpcWait;
      return count === 0 ? [] : [{ index: line.shardIndex, maxNs }];
    });
    const [best] = waits.sort((a, b) => b.maxNs - a.maxNs || a.index - b.index);
    const shard = this.shards.find(
      (each) => each.policyIndex === policyIndex && each.shardIndex === best?.index,
    );
    return best === undefined || shard === undefined ? null : { shard, maxNs: best.maxNs };
  }
}

interface Replay {
  scenario: Scenario;
  sourceIndex: number | null;
  signal?: AbortSignal;
}

/** A shard's log, handed on batch by batch; the host may speak in between. False ends it. */
async function readLog(
  { scenario, signal }: Replay,
  shard: Shard,
  details: boolean,
  onBatch: (batch: LogBatch) => boolean,
): Promise<void> {
  const kernel = shippedKernel('debug');
  for (const batch of logBatches({ ...shard, scenario }, { kernel, details })) {
    if (!onBatch(batch)) return;
    await setImmediate();
    if (signal?.aborted === true) {
      throw new RunCancelled({ interrupts: 0, share: 1, tasksDone: 0, tasks: 1 });
    }
  }
}

/** Two passes: the first finds the instant, the second keeps what lies around it. */
async function tellAgain(replay: Replay, { maxNs, shard }: FoundShard): Promise<WorstWait> {
  const { scenario } = replay;
  const taken = await findTaken(replay, shard, maxNs);
  const wait: Wait = {
    processor: taken.p,
    object: taken.object,
    queuedNs: taken.t - maxNs,
    takenNs: taken.t,
  };
  const { policyIndex, shardIndex } = shard;
  const around = Math.min(MOST_AROUND_NS, Math.max(LEAST_AROUND_NS, Math.ceil(maxNs / 8)));
  const window = { fromNs: Math.max(0, wait.queuedNs - around), toNs: wait.takenNs + around };
  const builder = new TimelineBuilder(scenario, policyIndex, window);
  const teller = new WaitTeller(scenario, policyIndex, wait);
  const steps = new StepKeeper(scenario, policyIndex, wait);
  const { untilTimeNs } = shard;
  const upTo = { ...shard, untilTimeNs: Math.min(untilTimeNs ?? Infinity, window.toNs) };
  await readLog(replay, upTo, true, (batch) => {
    for (let i = 0; i < batch.count; i++) {
      const event = batch.detailedEvent(i, scenario) as unknown as LogEvent;
      teller.before(event, builder.state);
      if (!builder.add(event)) return false;
      teller.after(event, builder.state);
      steps.add(event, builder.state);
    }
    return true;
  });
  return {
    ...teller.story(),
    policy: scenario.policies[policyIndex].name,
    dpc: taken.dpc,
    waitNs: maxNs,
    shard: shardIndex,
    around: steps.kept(),
    timeline: builder.finish(),
  };
}

/** What lies around a wait: an eighth of it, within these. */
const LEAST_AROUND_NS = 5_000;
const MOST_AROUND_NS = 1_000_000;

type Taken = LogEvent & { e: 'dpc-start' };

/** The first DPC that is taken after such a wait, once statistics have begun. */
async function findTaken(replay: Replay, shard: Shard, waitNs: number): Promise<Taken> {
  const { scenario, sourceIndex } = replay;
  let found: Taken | null = null;
  await readLog(replay, shard, false, (batch) => {
    for (let i = 0; i < batch.count; i++) {
      if (batch.waitNs(i) !== waitNs || batch.timeNs(i) <= startOf(shard)) continue;
      if (sourceIndex !== null && batch.sourceIndex(i) !== sourceIndex) continue;
      found = batch.detailedEvent(i, scenario) as unknown as Taken;
      return false;
    }
    return true;
  });
  if (found === null) throw new Error(`no DPC of shard ${shard.shardIndex} waited ${waitNs} ns`);
  return found;
}

/** Statistics begin after the last instant of the warm-up; without one, from time 0 on. */
function startOf({ warmupNs }: Shard): number {
  return warmupNs > 0 ? warmupNs : -1;
}
