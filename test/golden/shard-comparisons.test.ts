import { describe, expect, it } from 'vitest';
import { MOST_KEPT_SHARDS } from '../../src/result/shard-columns.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { compareFigures, comparePolicies } from '../../src/stats/compare-policies.js';
import { LoadFigures } from '../../src/stats/load-figures.js';
import { ShardFigures } from '../../src/stats/shard-figures.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import {
  figuresOfLines,
  inventedLine,
  inventedShards,
} from '../fixtures/results/invented-shards.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';

/** Nine digits, which every machine computes alike. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(9)) : each,
  );

describe('as before, of shards, are', () => {
  it('comparisons of policies, with intervals from five shards on', () => {
    const lines = [4, 9].flatMap((shards) => {
      const [a, ...others] = [
        inventedShards('a', shards, 1, 1),
        inventedShards('b', shards, 1, 2),
        inventedShards('c', shards, 3, 1),
        inventedShards('d', shards, 0.0001, 1),
        inventedShards('e', shards, 0, 1),
      ];
      return [
        ...comparePolicies([a, ...others, a]).map(text),
        text(comparePolicies([others[3], a])),
        text(comparePolicies([a, others[0]], false)[0].sentence),
        text(comparePolicies([a, inventedShards('f', shards + 1, 1, 2)])[0].latency.dpcWait),
      ];
    });
    expectGolden('comparisons/shards.txt', lines.join('\n') + '\n');
  });

  it('intervals and columns', () => {
    const lines = [4, 5, 7].flatMap((shards) => {
      const { figures, result } = inventedShards('a', shards, 1, 3);
      const only = [
        { kind: 'latency', latency: 'dpcWait', statistic: 'p99Ns' },
        { kind: 'perThousand', name: 'ipis' },
        { kind: 'counter', name: 'drains' },
      ] as const;
      return [
        figures.shards,
        figures.columns(),
        figures.intervals(result.latency),
        ...only.map((one) => figures.intervals(result.latency, one)),
        figures.perThousand('dpcs' as 'ipis'),
      ].map(text);
    });
    expectGolden('comparisons/intervals.txt', lines.join('\n') + '\n');
  });
});

describe('figures of shards', () => {
  const of = (shards: number): ShardFigures => inventedShards('a', shards, 1, 5).figures;

  it('are kept of five shards and more, up to a thousand, and read as they were', () => {
    expect([4, 5].map((shards) => of(shards).columns() === null)).toEqual([true, false]);
    const [line] = [inventedLine(new Pick(1), 1)];
    const many = (count: number): ShardFigures =>
      figuresOfLines(Array.from({ length: count }, () => line));
    expect(many(MOST_KEPT_SHARDS).columns()).not.toBeNull();
    expect(many(MOST_KEPT_SHARDS + 1).columns()).toBeNull();
    const { figures, result } = inventedShards('a', 6, 1, 5);
    const shards = figures.columns()!;
    expect(Object.keys(shards.counters)).not.toContain('rescues');
    const read = ShardFigures.of({ counters: result.counters, shards })!;
    expect(read.shards).toBe(6);
    expect(read.intervals(result.latency)).toEqual(figures.intervals(result.latency));
    expect(ShardFigures.of({ counters: result.counters, shards: null })).toBeNull();
  });

  it('are compared one at a time like all together', () => {
    const [a, b] = [inventedShards('a', 9, 1, 1), inventedShards('b', 9, 1.2, 2)];
    const all = compareFigures(a, b, true);
    const wait = { kind: 'latency', latency: 'dpcWait', statistic: 'meanNs' } as const;
    const alone = compareFigures(a, b, true, wait);
    expect(alone.latency.dpcWait.meanNs).toEqual(all.latency.dpcWait.meanNs);
    expect([alone.latency.dpcWait.p99Ns, alone.latency.isrWait.meanNs]).toEqual([null, null]);
    expect(alone.latency.interruptToDpc.meanNs).toBeNull();
    expect(alone.perThousand.ipis).toBeNull();
    const ipis = compareFigures(a, b, true, { kind: 'perThousand', name: 'ipis' });
    expect(ipis.perThousand.ipis).toEqual(all.perThousand.ipis);
    expect([ipis.perThousand.drains, ipis.latency.dpcWait.meanNs]).toEqual([null, null]);
  });
});

describe('loads of processors', () => {
  const split = (isrNs: number, idleNs: number) => ({ isrNs, idleNs }) as never;
  const of = (factor: number, shards: number): LoadFigures => {
    const figures = new LoadFigures();
    for (let i = 0; i < shards; i++) {
      figures.add(100 * factor, BigInt(50 * factor), split(30 * factor, 70 * factor));
    }
    return figures;
  };

  it('are shares of their time, and of all of theirs together', () => {
    const told = of(1, 5).intervals()!;
    expect(Object.keys(told.timeShares)).toEqual(['isrNs', 'idleNs']);
    expect(told.timeShares.isrNs!.low).toBeCloseTo(0.3, 12);
    expect(told.timeShares.idleNs!.high).toBeCloseTo(0.7, 12);
    expect(told.meanDepth!.low).toBeCloseTo(0.5, 12);
    expect(of(1, 4).intervals()).toBeNull();
    expect(LoadFigures.together([])).toBeNull();
    const idle = new LoadFigures();
    for (let i = 0; i < 5; i++) idle.add(300, 0n, split(0, 300));
    const together = LoadFigures.together([of(1, 5), idle])!.intervals()!;
    expect(together.timeShares.isrNs!.low).toBeCloseTo(30 / 400, 12);
    expect(together.timeShares.idleNs!.low).toBeCloseTo(370 / 400, 12);
    expect(together.meanDepth!.high).toBeCloseTo(50 / 400, 12);
  });
});

describe('two results of one experiment', () => {
  const invented = () => inventedResult({ policies: ['vista'], samples: 100, sources: ['nic'] });

  it('are the same but for what the host is, or differ first at a place', () => {
    const [before, now] = [invented(), invented()];
    now.meta.host.wallSeconds = 99;
    expect(compareDocuments(before, now).firstDifference).toBeNull();
    now.results[0].sources[0].counters.ipis += 1;
    now.results[0].sources[0].counters.isrs += 1;
    expect(compareDocuments(before, now).firstDifference).toMatch(
      /^results\[0\]\.sources\[0\]\.counters\.\w+: \d+ against \d+$/,
    );
    delete (now.results[0].counters as Record<string, unknown>)['rescues'];
    now.results[0].sources = invented().results[0].sources;
    expect(compareDocuments(before, now).firstDifference).toBeNull();
  });

  it('differ in values of other kinds, in lengths, and in how deep they are', () => {
    const first = (change: (now: Record<string, unknown>) => void): string | null => {
      const [before, now] = [invented(), invented()];
      change(now.results[0] as unknown as Record<string, unknown>);
      return compareDocuments(before, now).firstDifference;
    };
    expect(first((now) => (now['more'] = 1))).toBe('results[0].more: nothing against 1');
    expect(first((now) => (now['more'] = undefined))).toBeNull();
    expect(first((now) => (now['more'] = null))).toBeNull();
    expect(first((now) => (now['execution'] = [1]))).toMatch(
      /execution: an object against a list$/,
    );
    expect(first((now) => (now['execution'] = 'x'))).toMatch(/execution: an object against "x"$/);
    expect(first((now) => (now['sources'] = []))).toMatch(/sources: 1 entries against 0$/);
    expect(first((now) => (now['decisions'] = null))).toBeNull();
    expect(first((now) => (now['a key'] = 1))).toBe('results[0]."a key": nothing against 1');
    const nested = (levels: number, end: unknown): unknown =>
      levels === 0 ? end : { a: nested(levels - 1, end) };
    const deep = (levels: number): string | null => {
      const [before, now] = [invented(), invented()];
      Object.assign(before.results[0], { more: nested(levels, 1) });
      Object.assign(now.results[0], { more: nested(levels, 2) });
      return compareDocuments(before, now).firstDifference;
    };
    expect(deep(38)).toMatch(/(\.a){38}: 1 against 2$/);
    expect(deep(39)).toMatch(/(\.a){39}: 1 against 2$/);
    expect(deep(40)).toMatch(/(\.a){39}: an object against an object$/);
  });

  it('are of one experiment by the warm-up that was asked for, not by what was found', () => {
    const differs = (kind: string, ns: number): boolean => {
      const [before, now] = [invented(), invented()];
      Object.assign(before.meta.warmup, { kind, ns: 5 });
      Object.assign(now.meta.warmup, { kind, ns });
      try {
        compareDocuments(before, now);
        return false;
      } catch {
        return true;
      }
    };
    const kinds = ['auto', 'settle', 'fixed', 'none'];
    expect(kinds.map((kind) => differs(kind, 6))).toEqual([false, false, true, true]);
    expect(kinds.map((kind) => differs(kind, 5))).toEqual([false, false, false, false]);
  });

  it('are not, where up to five things are named that differ, and whether there are more', () => {
    const differing = (count: number): string => {
      const [before, now] = [invented(), invented()];
      const { costs } = now.scenario.machine;
      const names = Object.keys(costs).slice(0, count) as (keyof typeof costs)[];
      for (const name of names) costs[name] = 77_777;
      try {
        compareDocuments(before, now);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(differing(0)).toBe('');
    const named = (message: string): number => message.split('against 77777').length - 1;
    expect([1, 4, 5, 6, 8].map((count) => named(differing(count)))).toEqual([1, 4, 5, 5, 5]);
    expect([5, 6].map((count) => differing(count).includes('; and more'))).toEqual([false, true]);
  });
});
