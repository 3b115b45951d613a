import type { LiveColumn, LiveTotal } from '../../src/play/live-column.js';

/** What the page knows of one policy's machine. */
export interface LiveMachine {
  columns: LiveColumn[];
  total: LiveTotal | null;
  shard: number;
  /** Where its shard stands, its warm-up included. */
  shardNs: number;
  busyMs: number;
  arrivals: number;
}

export function newMachine(): LiveMachine {
  return { columns: [], total: null, shard: 0, shardNs: 0, busyMs: 0, arrivals: 0 };
}
