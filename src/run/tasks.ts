import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { MachineSumState } from '../kernel/machine-sum.js';
import type { ShardHalves } from '../result/observation.js';
import type { ShardOutcome } from '../result/outcome.js';
import type { ShardRequest } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ShardLine } from '../stats/shard-figures.js';
import { shardTimeNs, type ShardPlan } from './plan-shards.js';

/** One shard under one policy: what a worker is sent, beside the scenario that it has already. */
export type ShardTask = Omit<ShardRequest, 'scenario'>;

/** Shards of one policy, added up where they were simulated. */
export interface PolicyPart {
  policyIndex: number;
  /** One for each shard, in any order. */
  lines: ShardLine[];
  sum: MachineSumState;
  /** What was seen of shards that were looked at half-way, in any order. */
  halves: ShardHalves[];
}

/** How far a run has come, all tasks together. */
export interface RunProgress {
  /** Simulated so far. */
  interrupts: number;
  /** 0 to 1, by interrupts or by time, whichever ends the run first. */
  share: number;
  tasksDone: number;
  tasks: number;
}

export interface ExecuteOptions {
  /** What simulates. A worker of another thread or host has one of its own, which must be equal. */
  kernel: CompiledKernel;
  workers: number;
  onProgress?: (progress: RunProgress) => void;
  /** Aborted: every task ends after its current chunk, and `execute` throws RunCancelled. */
  signal?: AbortSignal;
  /**
   * Given: takes shards added up, in parts of any size and order, instead of outcomes one by one.
   * That is far less work where a shard is short or its machine large.
   */
  onPart?: (part: PolicyPart) => void;
}

/**
 * Carries out the tasks and hands their outcomes on in the order of the tasks, or in parts where
 * `onPart` is given and the executor can add up. Throws what a task threw, InputError with its
 * problems.
 */
export type Execute = (
  scenario: Scenario,
  tasks: readonly ShardTask[],
  onOutcome: (outcome: ShardOutcome, task: ShardTask) => void,
  options: ExecuteOptions,
) => Promise<void>;

/** A run that was ended from outside; what had been done by then. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
  constructor(readonly progress: RunProgress) {
    super(`cancelled after ${progress.tasksDone} of ${progress.tasks} shards`);
  }
}

/**
 * Every shard of the first policy, then every shard of the next: the order of results. A warm-up
 * comes before what a shard measures, time or interrupts, and half-way each is looked at.
 */
export function planTasks(
  scenario: Scenario,
  shards: readonly ShardPlan[],
  seed: number,
  warmupNs = 0,
): ShardTask[] {
  return scenario.policies.flatMap((_, policyIndex) =>
    shards.map((shard) => {
      const timeNs = shardTimeNs(scenario, shard);
      return {
        policyIndex,
        seed,
        shardIndex: shard.index,
        untilTimeNs: shard.untilTimeNs === null ? null : shard.untilTimeNs + warmupNs,
        untilInterrupts: shard.untilInterrupts,
        warmupNs,
        halfNs: Number.isFinite(timeNs) ? warmupNs + Math.floor(timeNs / 2) : undefined,
      };
    }),
  );
}

/** How much of a task is done, 0 to 1. */
export function taskShare(task: ShardTask, interrupts: number, timeNs: number): number {
  const byInterrupts = task.untilInterrupts === null || interrupts === 0 ? 0
    // A warm-up's interrupts come on top: what is left of them is told by how they come.
    : timeNs / (task.warmupNs + task.untilInterrupts * (timeNs / interrupts));
  const byTime = task.untilTimeNs === null ? 0 : timeNs / task.untilTimeNs;
  return Math.min(1, Math.max(byInterrupts, byTime));
}
