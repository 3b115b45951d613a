import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { LogBatch } from '../kernel/read-log.js';
import type { Shard } from '../kernel/shard.js';
import { logBatches } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from '../timeline/log-event.js';
import { StepKeeper } from '../timeline/step-keeper.js';
import { TimelineBuilder } from '../timeline/timeline.js';
import { type Wait, WaitTeller } from '../timeline/wait-causes.js';
import type { WorstWait } from '../timeline/worst-wait.js';
import type { FoundShard } from './seen-shards.js';

// Pure, as simulate-run.ts is.

/** A shard is simulated again: which scenario it is of, and by what. */
export interface Replay {
  scenario: Scenario;
  sourceIndex: number | null;
  /** The debug build, which writes a log. */
  kernel: CompiledKernel;
  /** Called between batches of the log: lets the host hear what it is told, and may throw. */
  breathe: () => Promise<void>;
  /** Events of a log that are looked through for the wait at most; left out: all of them. */
  mostEvents?: number;
}

/** A shard's log, handed on batch by batch; the host may speak in between. False ends it. */
async function readLog(
  { breathe, kernel, scenario }: Replay,
  shard: Shard,
  details: boolean,
  onBatch: (batch: LogBatch) => boolean,
): Promise<void> {
  for (const batch of logBatches({ ...shard, scenario }, { kernel, details })) {
    if (!onBatch(batch)) return;
    await breathe();
  }
}

/**
 * The longest wait of a shard, told; null where it lies too far into it. Two passes: the first
 * finds the instant, the second keeps what lies around it.
 */
export async function tellWait(
  replay: Replay,
  { maxNs, shard }: FoundShard,
): Promise<WorstWait | null> {
  const { scenario } = replay;
  const taken = await findTaken(replay, shard, maxNs);
  if (taken === null) return null;
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
async function findTaken(replay: Replay, shard: Shard, waitNs: number): Promise<Taken | null> {
  const { mostEvents = Infinity, scenario, sourceIndex } = replay;
  let found: Taken | null = null;
  let events = 0;
  await readLog(replay, shard, false, (batch) => {
    for (let i = 0; i < batch.count; i++) {
      if (++events > mostEvents) return false;
      if (batch.waitNs(i) !== waitNs || batch.timeNs(i) <= startOf(shard)) continue;
      if (sourceIndex !== null && batch.sourceIndex(i) !== sourceIndex) continue;
      found = batch.detailedEvent(i, scenario) as unknown as Taken;
      return false;
    }
    return true;
  });
  if (found === null && events <= mostEvents) {
    throw new Error(`no DPC of shard ${shard.shardIndex} waited ${waitNs} ns`);
  }
  return found;
}

/** Statistics begin after the last instant of the warm-up; without one, from time 0 on. */
function startOf({ warmupNs }: Shard): number {
  return warmupNs > 0 ? warmupNs : -1;
}
