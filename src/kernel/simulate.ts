import type { Scenario } from '../scenario/scenario.js';
import type { ShardOutcome } from './outcome.js';

/** One shard: a whole simulated machine under one policy. */
export interface ShardRequest {
  scenario: Scenario;
  /** Index into `scenario.policies`. */
  policyIndex: number;
  /** The run's seed, a whole number from 0 to 2^53 − 1, and the shard's index: together the shard's streams. */
  seed: number;
  shardIndex: number;
  /** Where this shard ends; replaces `scenario.until`. */
  untilTimeNs: number | null;
  untilInterrupts: number | null;
  /** Statistics begin here; 0 for none. */
  warmupNs: number;
}

/** Called between chunks of about a million interrupts; returning false ends the shard early. */
export type OnProgress = (progress: { interrupts: number; timeNs: number }) => boolean;

/** One line of the event log (section 10 of docs/semantics.md), keys in the documented order. */
export interface TraceEvent {
  t: number;
  p: number;
  e: string;
  [key: string]: string | number | boolean;
}

/** Simulates one shard in the release kernel. Throws InputError for a scenario over a kernel limit. */
export declare function simulateShard(request: ShardRequest, onProgress?: OnProgress): ShardOutcome;

/** The same with the event log on: `onEvents` gets batches in order. Same outcome to the last bit. */
export declare function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
): ShardOutcome;

/** SHA-256 of the release kernel's bytes, and the versions that it declares. */
export declare function kernelIdentity(): { hash: string; abi: number; rules: number };
