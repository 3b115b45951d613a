import { InputError } from '../errors.js';
import type { PolicySumState } from '../kernel/policy-sum.js';
import type { Shard } from '../kernel/shard.js';
import { decodeSum, encodeSum } from '../kernel/sum-bytes.js';
import { canonicalJson } from '../scenario/canonical.js';
import type { Scenario } from '../scenario/scenario.js';
import { type Execute, type ExecuteOptions, RunCancelled, type RunProgress } from './tasks.js';

/** Where finished shards are: a journal, or several that belong together. */
export interface ShardStore {
  get(key: string): Uint8Array | undefined;
  /** Left out where nothing is to be added. */
  add?: (key: string, bytes: Uint8Array) => void;
  /** For errors. */
  readonly path: string;
}

/** Who carries out a shard that nobody has finished yet, by its place in a plan. */
export interface Share {
  isOwn(index: number): boolean;
  /** Throws what is to be said when shards of others are left; they are not empty. */
  refuse(missing: readonly number[], pass: Pass): never;
}

/** The shards that are to be carried out together, and how often that has been so before. */
export interface Pass {
  number: number;
  shards: readonly Shard[];
}

/** All of it: nothing is left to others. */
const EVERYTHING: Share = {
  isOwn: () => true,
  refuse: () => {
    throw new Error('nothing is left out');
  },
};

const SHARD = 'shard ';

/** All that a shard is, under its run: what it gives depends on nothing else. */
function shardKey(shard: Shard): string {
  return SHARD + canonicalJson(shard);
}

export function isShardKey(key: string): boolean {
  return key.startsWith(SHARD);
}

/**
 * Carries out those shards by `execute` that the store does not hold, each on its own, and adds
 * each to the store before it counts. So a run that was ended goes on from there, with the same
 * bytes in the end: every sum is exact, wherever and whenever it was made.
 */
export function keepShards(execute: Execute, store: ShardStore, share = EVERYTHING): Execute {
  let number = 0;
  return async (scenario, shards, onSum, options) => {
    number++;
    const kept = new KeptProgress(shards.length, options.onProgress);
    const left: number[] = [];
    for (const [index, shard] of shards.entries()) {
      const sum = readShard(store, scenario, shard);
      if (sum === null) left.push(index);
      else {
        kept.count(sum);
        onSum(sum);
      }
    }
    const own = left.filter((index) => share.isOwn(index));
    if (own.length > 0) {
      await carryOut(
        execute,
        scenario,
        own.map((index) => shards[index]),
        store,
        onSum,
        {
          ...options,
          onProgress: options.onProgress && ((progress) => kept.show(progress)),
        },
      ).catch((error: unknown) => {
        throw error instanceof RunCancelled ? new RunCancelled(kept.of(error.progress)) : error;
      });
    }
    const missing = left.filter((index) => !share.isOwn(index));
    if (missing.length > 0) share.refuse(missing, { number, shards });
  };
}

async function carryOut(
  execute: Execute,
  scenario: Scenario,
  shards: readonly Shard[],
  store: ShardStore,
  onSum: (sum: PolicySumState) => void,
  options: ExecuteOptions,
): Promise<void> {
  const nameOf = (policyIndex: number, shardIndex: number): string =>
    `${policyIndex} ${shardIndex}`;
  const known = new Map(shards.map((one) => [nameOf(one.policyIndex, one.shardIndex), one]));
  const keep = (sum: PolicySumState): void => {
    const shard = known.get(nameOf(sum.policyIndex, sum.lines[0].shardIndex));
    if (shard === undefined || sum.lines.length !== 1) {
      throw new Error('a sum is not of one of the shards that were to be carried out');
    }
    store.add?.(shardKey(shard), encodeSum(sum));
    onSum(sum);
  };
  await execute(scenario, shards, keep, { ...options, oneByOne: true });
}

function readShard(store: ShardStore, scenario: Scenario, shard: Shard): PolicySumState | null {
  const bytes = store.get(shardKey(shard));
  if (bytes === undefined) return null;
  const sum = decodeSum(bytes, scenario, store.path);
  const [line, ...more] = sum.lines;
  const isIt = sum.policyIndex === shard.policyIndex && line.shardIndex === shard.shardIndex;
  if (isIt && more.length === 0) return sum;
  const message = 'what is kept for a shard is of another one';
  throw new InputError([
    { file: store.path, line: null, column: null, path: '', message, hint: '' },
  ]);
}

/** How far a run is of which some shards were done before. */
class KeptProgress {
  private shards = 0;
  private interrupts = 0;

  constructor(
    private readonly all: number,
    private readonly onProgress: ExecuteOptions['onProgress'],
  ) {}

  count({ lines: [{ counters }] }: PolicySumState): void {
    this.shards++;
    this.interrupts += counters.arrivals;
  }

  of({ interrupts, share, tasksDone, tasks, ...more }: RunProgress): RunProgress {
    return {
      ...more,
      interrupts: interrupts + this.interrupts,
      share: (this.shards + share * tasks) / this.all,
      tasksDone: this.shards + tasksDone,
      tasks: this.all,
    };
  }

  show(progress: RunProgress): void {
    this.onProgress?.(this.of(progress));
  }
}
