import type { Scenario } from '../scenario/scenario.js';
import type { CompiledKernel } from './compiled-kernel.js';
import type { SpareMemory } from './spare-memory.js';

/** What is to be carried out: one machine, of a scenario that is known. */
export interface Shard {
  /** Index into `scenario.policies`. */
  policyIndex: number;
  /**
   * The run's seed, 0 to 2^53 − 1, and the shard's index: together they fix the shard's streams.
   */
  seed: number;
  shardIndex: number;
  /** Where this shard ends; replaces `scenario.until`. Interrupts count from the warm-up's end. */
  untilTimeNs: number | null;
  untilInterrupts: number | null;
  /** Statistics begin here; 0 for none. */
  warmupNs: number;
  /** Half of what is measured, about: where to look at the machine as well. Left out: nowhere. */
  halfNs?: number;
}

/** A shard with all that it takes. */
export interface ShardRequest extends Shard {
  scenario: Scenario;
}

/** Called between chunks of about a million interrupts; returning false ends the shard early. */
export type OnProgress = (progress: ShardProgress) => boolean;

/** How far a shard has come, its warm-up included. */
export interface ShardProgress {
  interrupts: number;
  timeNs: number;
}

/** One line of the event log (section 10 of docs/semantics.md), keys in the documented order. */
export interface TraceEvent {
  t: number;
  p: number;
  e: string;
  [key: string]: string | number | boolean;
}

/** How a shard is carried out; its result does not depend on it. */
export interface RunControl {
  onProgress?: OnProgress;
  /** Arrivals after which the kernel lets the host speak; for tests. */
  chunkInterrupts?: number;
  /** Simulated time after which it does as well; left out: so much that it has many events. */
  chunkNs?: number;
}

/** A number of bytes as a buffer: a plain one, or shared with other threads. */
export type Allocate = (bytes: number) => ArrayBufferLike;

export interface SimulateOptions extends RunControl {
  kernel: CompiledKernel;
  /** Count decisions, which costs a few per cent; left out: yes. */
  census?: boolean;
  /** One event at a time, even where processors could run ahead: for tests. */
  lockstep?: boolean;
  /** Where packed histograms are put; plain buffers if left out. */
  allocate?: Allocate;
  /** Memory that other shards of the same scenario left. */
  spare?: SpareMemory;
}
