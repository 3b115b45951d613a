import type { CompiledKernel } from '../kernel/compiled-kernel.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import type { Shard } from '../kernel/shard.js';
import type { IntervalScope } from '../result/shard-line.js';
import type { Scenario } from '../scenario/scenario.js';
import { shardTimeNs, type ShardPlan } from './plan-shards.js';

/** How far a run has come, all tasks together. */
export interface RunProgress {
  /** Simulated so far. */
  interrupts: number;
  /** 0 to 1, by interrupts or by time, whichever ends the run first. */
  share: number;
  tasksDone: number;
  tasks: number;
  /** A queue: how many workers take its jobs, that it is there, or that it does not answer. */
  queue?: number | 'there' | 'away';
}

export interface ExecuteOptions {
  /** What simulates. A worker of another thread or host has one of its own, which must be equal. */
  kernel: CompiledKernel;
  workers: number;
  onProgress?: (progress: RunProgress) => void;
  /** Aborted: every task ends after its current chunk, and `execute` throws RunCancelled. */
  signal?: AbortSignal;
  /** `all`: lines hold every source and processor too. Left out: the machine alone. */
  intervals?: IntervalScope;
  /** Left out: decisions are counted. */
  census?: boolean;
  /** One event at a time, where the kernel would let processors run ahead of each other. */
  lockstep?: boolean;
  /** Each sum is of a single shard and handed on when that is done: somebody keeps them. */
  oneByOne?: boolean;
}

/**
 * Carries out the shards and hands them on added up, in sums of any shards of one policy and in any
 * order. A sum is given away. Throws what a shard threw, InputError with its problems.
 */
export type Execute = (
  scenario: Scenario,
  shards: readonly Shard[],
  onSum: (sum: PolicySumState) => void,
  options: ExecuteOptions,
) => Promise<void>;

/** A run that was ended from outside; what had been done by then. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
  constructor(
    readonly progress: RunProgress,
    /** The journal that keeps what was finished, or null. */
    readonly keptIn: string | null = null,
  ) {
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
): Shard[] {
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
export function taskShare(task: Shard, interrupts: number, timeNs: number): number {
  const byInterrupts =
    task.untilInterrupts === null || interrupts === 0
      ? 0
      : // A warm-up's interrupts come on top: what is left of them is told by how they come.
        timeNs / (task.warmupNs + task.untilInterrupts * (timeNs / interrupts));
  const byTime = task.untilTimeNs === null ? 0 : timeNs / task.untilTimeNs;
  return Math.min(1, Math.max(byInterrupts, byTime));
}
