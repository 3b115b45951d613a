import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import type { Shard } from '../../src/kernel/shard.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { keepShards } from '../../src/run/kept-shards.js';
import {
  missingParts,
  nameShards,
  roundReason,
  shareOf,
  ShardsMissing,
} from '../../src/run/missing-shards.js';
import { parsePart, partOf } from '../../src/run/part.js';
import { MAXIMUM_SHARDS } from '../../src/run/plan-shards.js';
import { checkPrecision, moreShards, nextShards, worstHalfWidth } from '../../src/run/precision.js';
import { SeenShards } from '../../src/run/seen-shards.js';
import { type Execute, planTasks, RunCancelled, type RunProgress } from '../../src/run/tasks.js';
import { smallScenario } from './small-scenario.js';

const scenario = smallScenario({ arrivals: { poisson: '20k/s' } });
const PLAN = [0, 1, 2].map((index) => ({ index, untilTimeNs: null, untilInterrupts: 200 }));
const shards = planTasks(scenario, PLAN, 3);
const options = { kernel: shippedKernel(), workers: 1 };

describe('parts of a run', () => {
  it('are those from the first to the last of so many', () => {
    expect(parsePart('1/1')).toEqual({ index: 1, count: 1 });
    expect(parsePart('3/8')).toEqual({ index: 3, count: 8 });
    expect(parsePart('99999/99999')).toEqual({ index: 99_999, count: 99_999 });
    for (const text of [
      '0/1',
      '2/1',
      '1/0',
      '',
      '1',
      '1/2/3',
      '-1/2',
      '1/100000',
      ' 1/2',
      '1.5/2',
    ]) {
      expect(parsePart(text), text).toBeNull();
    }
    expect([0, 1, 2, 3, 7].map((index) => partOf(index, { count: 3 }))).toEqual([1, 2, 3, 1, 2]);
    expect(partOf(5, { count: 1 })).toBe(1);
  });

  it('are named where their shards are missing, the first ten of them', () => {
    const pass = { number: 1, shards };
    const told = (missing: number[], of = pass): string =>
      nameShards(new ShardsMissing(missing, of), scenario);
    expect(told([0])).toBe('shards 0 under pre-vista');
    expect(told([1, 2, 4])).toBe('shards 1, 2 under pre-vista, 1 under vista');
    const many = { number: 1, shards: Array.from({ length: 14 }, () => shards[5]) };
    const list = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    expect(told(list(10), many)).toBe(`shards ${'2, '.repeat(9)}2 under vista`);
    expect(told(list(11), many)).toBe(`shards ${'2, '.repeat(9)}2 under vista and 1 more`);
    expect(new ShardsMissing([3, 1], pass).message).toBe('2 of 6 shards are missing');
    expect(missingParts(new ShardsMissing([11, 4, 1, 0, 3], pass), 12)).toEqual([1, 2, 4, 5, 12]);
    expect(missingParts(new ShardsMissing([4, 1, 7], pass), 3)).toEqual([2]);
    const reasons = [1, 2].flatMap((number) =>
      [true, false].map((isToPrecision) =>
        roundReason(new ShardsMissing([0], { number, shards }), isToPrecision),
      ),
    );
    expect(reasons).toEqual([
      '',
      '',
      'more shards are needed for the precision',
      'the figures still drift, and longer shards settle them',
    ]);
  });
});

describe('a precision', () => {
  const names = { policies: [{ name: 'vista' }, { name: 'ipis' }], sources: [] } as never;
  const of = (figure: string, target = 0.02, limit?: number): string[] =>
    checkPrecision(names, { figure, target, limit }).map(({ text }) => text);

  it('is of one policy, or of all of them', () => {
    expect(of('vista.dpcWait.p99')).toEqual(['vista.dpcWait.p99']);
    expect(of('dpcWait.p99')).toEqual(['vista.dpcWait.p99', 'ipis.dpcWait.p99']);
    expect(of('drainsPerThousand')).toEqual(['vista.drainsPerThousand', 'ipis.drainsPerThousand']);
    expect(of('drains')).toEqual(['vista.drains', 'ipis.drains']);
    // A policy may be called like a figure.
    expect(of('ipis.dpcWait.p50')).toEqual(['ipis.dpcWait.p50']);
    expect(() => of('vsta.dpcWait.p99')).toThrow(/did you mean vista/);
  });

  it('lies between 0 and 100 %, with 10 to as many shards as there may be', () => {
    expect(of('drains', 0.999_999, 10)).toHaveLength(2);
    expect(of('drains', 1e-9, MAXIMUM_SHARDS)).toHaveLength(2);
    for (const target of [0, 1, -0.5, NaN, 2]) {
      expect(() => of('drains', target)).toThrow(
        `--precision ${target * 100} %: must be above 0 % and below 100 %`,
      );
    }
    for (const limit of [9, MAXIMUM_SHARDS + 1, 10.5, NaN]) {
      expect(() => of('drains', 0.1, limit)).toThrow(
        `--most-shards ${limit}: must be a whole number from 10 to ${MAXIMUM_SHARDS}`,
      );
    }
  });

  it('is that of the figure that is known worst; 0 in every shard is known', () => {
    const figure = (value: number | null, low: number | null, high = 0) => {
      return { value, interval: low === null ? null : { low, high } };
    };
    expect(worstHalfWidth([])).toBe(0);
    expect(worstHalfWidth([figure(10, 9, 11), figure(100, 70, 130)])).toBe(0.3);
    expect(worstHalfWidth([figure(0, 0, 0), figure(10, 9, 11)])).toBe(0.1);
    expect(worstHalfWidth([figure(0, 0, 1)])).toBeNull();
    expect(worstHalfWidth([figure(0, -1, 0)])).toBeNull();
    expect(worstHalfWidth([figure(0, null)])).toBeNull();
    expect(worstHalfWidth([figure(10, 9, 11), figure(10, null)])).toBeNull();
    expect(worstHalfWidth([figure(10, null), figure(10, 9, 11)])).toBeNull();
  });

  it('takes so many shards more: by the square, at least one, at most four times as many', () => {
    const next = (at: number, reached: number | null, limit?: number): number =>
      nextShards(at, reached, { figure: '', target: 0.1, limit });
    expect([next(10, null), next(10, 0.15), next(10, 0.1), next(10, 0.01)]).toEqual([
      20, 25, 11, 11,
    ]);
    expect([next(10, 0.2), next(10, 9), next(900, 9), next(10, 9, 33)]).toEqual([40, 40, 1000, 33]);
    const more = moreShards(PLAN, 5);
    expect(more).toEqual([3, 4].map((index) => ({ ...PLAN[0], index })));
  });
});

describe('shards that are carried out on this thread', () => {
  async function told(how: object): Promise<{ progress: RunProgress[]; sums: string[] }> {
    const progress: RunProgress[] = [];
    const sums: string[] = [];
    const onSum = ({ lines, policyIndex }: PolicySumState): void => {
      sums.push(`${policyIndex}: ${lines.map(({ shardIndex }) => shardIndex).join(' ')}`);
    };
    const onProgress = (one: RunProgress): void => void progress.push(one);
    await executeInProcess(scenario, shards, onSum, { ...options, ...how, onProgress });
    return { progress, sums };
  }

  it('are added up by policy, or each alone where that is asked for or checked', async () => {
    const alone = ['0: 0', '0: 1', '0: 2', '1: 0', '1: 1', '1: 2'];
    expect((await told({})).sums).toEqual(['0: 0 1 2', '1: 0 1 2']);
    expect((await told({ oneByOne: true })).sums).toEqual(alone);
    expect((await told({ lockstep: true })).sums).toEqual(alone);
  });

  it('tell how far they are: interrupts, shards and the share of all', async () => {
    const { progress } = await told({});
    const ends = progress.filter(
      ({ tasksDone }, i) => tasksDone !== (progress[i - 1]?.tasksDone ?? 0),
    );
    expect(ends).toEqual(
      [1, 2, 3, 4, 5, 6].map((done) => ({
        interrupts: 200 * done,
        share: done / 6,
        tasksDone: done,
        tasks: 6,
      })),
    );
    progress.forEach(({ interrupts, share }, i) => {
      expect(share).toBeGreaterThanOrEqual(progress[i - 1]?.share ?? 0);
      expect(interrupts).toBeGreaterThanOrEqual(progress[i - 1]?.interrupts ?? 0);
    });
  });

  it('end between two of them when they are told to, with what was done by then', async () => {
    const controller = new AbortController();
    const onProgress = ({ tasksDone }: RunProgress): void => {
      if (tasksDone === 4) controller.abort();
    };
    const { signal } = controller;
    const run = executeInProcess(scenario, shards, () => undefined, {
      ...options,
      onProgress,
      signal,
    });
    await expect(run).rejects.toMatchObject({
      name: 'RunCancelled',
      progress: { interrupts: 800, share: 4 / 6, tasksDone: 4, tasks: 6 },
    });
  });
});

describe('shards that are kept', () => {
  class MapStore {
    readonly path = 'a map';
    constructor(readonly map = new Map<string, Uint8Array>()) {}
    get = (key: string): Uint8Array | undefined => this.map.get(key);
    add = (key: string, sum: Uint8Array): void => void this.map.set(key, sum);
  }
  const nothing = (): void => undefined;
  async function stored(of: readonly Shard[] = shards): Promise<MapStore> {
    const store = new MapStore();
    await keepShards(executeInProcess, store)(scenario, of, nothing, options);
    return store;
  }

  it('count as done from the start', async () => {
    const store = await stored(shards.slice(0, 2));
    const progress: RunProgress[] = [];
    const onProgress = (one: RunProgress): void => void progress.push(one);
    await keepShards(executeInProcess, store)(scenario, shards, nothing, {
      ...options,
      onProgress,
    });
    expect(progress.at(-1)).toEqual({ interrupts: 1200, share: 1, tasksDone: 6, tasks: 6 });
    const ends = progress.filter(({ tasksDone }, i) => tasksDone !== progress[i - 1]?.tasksDone);
    expect(ends.map(({ tasksDone }) => tasksDone)).toEqual([3, 4, 5, 6]);
    expect(ends[0]).toEqual({ interrupts: 600, share: 0.5, tasksDone: 3, tasks: 6 });
    const signal = AbortSignal.abort();
    const ended = keepShards(executeInProcess, await stored(shards.slice(0, 3)));
    await expect(ended(scenario, shards, nothing, { ...options, signal })).rejects.toEqual(
      expect.objectContaining({
        progress: { interrupts: 600, share: 0.5, tasksDone: 3, tasks: 6 },
      }) as RunCancelled,
    );
  });

  it('serve with figures over time where none are asked for, not the other way round', async () => {
    const timed = shards.map((shard) => ({ ...shard, binNs: 1e6 }));
    const counting = async (store: MapStore, of: readonly Shard[]): Promise<number> => {
      let count = 0;
      const execute: Execute = (_, own, ...rest) => {
        count = own.length;
        return executeInProcess(_, own, ...rest);
      };
      await keepShards(execute, store)(scenario, of, nothing, options);
      return count;
    };
    expect(await counting(await stored(timed), shards)).toBe(0);
    expect(await counting(await stored(), timed)).toBe(6);
    expect(await counting(await stored(timed), timed)).toBe(0);
  });

  it('are refused where they are of another one, or of more than one', async () => {
    const store = await stored();
    const [first, second] = [...store.map.keys()];
    const swapped = new MapStore(new Map([[first, store.map.get(second)!]]));
    await expect(
      keepShards(executeInProcess, swapped)(scenario, shards, nothing, options),
    ).rejects.toThrow('a map: what is kept for a shard is of another one');
    const together: Execute = (_, own, onSum, how) =>
      executeInProcess(_, own, onSum, { ...how, oneByOne: false });
    await expect(
      keepShards(together, new MapStore())(scenario, shards, nothing, options),
    ).rejects.toThrow('a sum is not of one of the shards that were to be carried out');
    const others: Execute = (_, __, onSum, how) => executeInProcess(_, shards, onSum, how);
    await expect(
      keepShards(others, new MapStore())(scenario, shards.slice(1, 2), nothing, options),
    ).rejects.toThrow('a sum is not of one of the shards');
  });

  it('are left to others where they are not our own', async () => {
    const store = new MapStore();
    const execute = keepShards(
      executeInProcess,
      store,
      shareOf((index) => index % 2 === 0),
    );
    const missing = async (): Promise<unknown> => {
      try {
        await execute(scenario, shards, nothing, options);
        return null;
      } catch (error) {
        const { missing: places, pass } = error as ShardsMissing;
        return [places, pass.number, store.map.size];
      }
    };
    expect(await missing()).toEqual([[1, 3, 5], 1, 3]);
    expect(await missing()).toEqual([[1, 3, 5], 2, 3]);
    for (const [key, bytes] of (await stored()).map) store.add(key, bytes);
    expect(await missing()).toBeNull();
  });
});

describe('the shard with the longest wait', () => {
  const sum = (policyIndex: number, ...waits: [shard: number, maxNs: number, own: number][]) => ({
    policyIndex,
    lines: waits.map(([shardIndex, maxNs, own]) => ({
      shardIndex,
      latency: { dpcWait: { count: maxNs === 0 ? 0 : 1, maxNs } },
      focused: { nic: { latency: { dpcWait: { count: own === 0 ? 0 : 1, maxNs: own } } } },
    })),
  });
  const found = async (source: string | null, rounds: [readonly Shard[], object[]][]) => {
    const seen = new SeenShards(source);
    for (const [of, sums] of rounds) {
      const execute: Execute = async (_, __, onSum) => {
        for (const one of sums) onSum(one as PolicySumState);
      };
      await seen.watch(execute)(scenario, of, () => undefined, options);
    }
    return [0, 1].map((policy) => {
      const worst = seen.worstOf(policy);
      return worst && [worst.shard.policyIndex, worst.shard.shardIndex, worst.maxNs];
    });
  };

  it('is the first of those that have it, in whatever order they come', async () => {
    const sums = [sum(0, [2, 9, 0], [1, 5, 7]), sum(0, [0, 9, 7]), sum(1, [1, 3, 0], [2, 3, 0])];
    expect(await found(null, [[shards, sums]])).toEqual([
      [0, 0, 9],
      [1, 1, 3],
    ]);
    expect(await found(null, [[shards, [...sums].reverse()]])).toEqual([
      [0, 0, 9],
      [1, 1, 3],
    ]);
    expect(await found('nic', [[shards, sums]])).toEqual([[0, 0, 7], null]);
    expect(await found(null, [[shards, []]])).toEqual([null, null]);
  });

  it('is of the last time that a run is done, and of all that is added to it', async () => {
    const first: [readonly Shard[], object[]] = [shards, [sum(0, [2, 9, 0])]];
    expect(await found(null, [first, [shards, [sum(0, [1, 5, 0])]]])).toEqual([[0, 1, 5], null]);
    const more = shards.map((shard) => ({ ...shard, shardIndex: shard.shardIndex + 3 }));
    expect(await found(null, [first, [more, [sum(0, [4, 5, 0])]]])).toEqual([[0, 2, 9], null]);
    expect(await found(null, [first, [more, [sum(0, [4, 50, 0])]]])).toEqual([[0, 4, 50], null]);
  });
});
