import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import type { Shard } from '../../src/kernel/shard.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import type { PolicyResult, ResultDocument } from '../../src/result/document.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { MOST_BINS } from '../../src/result/over-time-shape.js';
import type { OverTime, TimeBin } from '../../src/result/over-time.js';
import type { ShardLine } from '../../src/result/shard-line.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { keepShards } from '../../src/run/kept-shards.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import type { Execute } from '../../src/run/tasks.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { BY_INTERRUPTS, BY_TIME, MACHINES, scenarioOf, TIMERS } from '../conservation/machines.js';

const ENGINES = [
  ['release', false],
  ['release', true],
  ['debug', false],
] as const;
const WARMUP_NS = 3_300_000;

interface Simulated {
  line: ShardLine;
  outcome: ShardOutcome;
}

function simulate(
  scenario: Scenario,
  shard: Partial<Shard>,
  [build, lockstep]: (typeof ENGINES)[number] = ENGINES[0],
): Simulated {
  const kernel = shippedKernel(build);
  const series = new ShardSeries(scenario, 1, { kernel, lockstep });
  const whole = { policyIndex: 1, seed: 11, shardIndex: 0, warmupNs: 0, ...BY_TIME, ...shard };
  return { line: series.simulate(whole), outcome: series.finish().outcome() };
}

function sum(bins: readonly TimeBin[], of: (bin: TimeBin) => number): number {
  return bins.reduce((total, bin) => total + of(bin), 0);
}

function busyOf({ processors }: ShardOutcome): number[] {
  return processors.map(({ timeSplit: t }) =>
    [t.isrNs, t.clockNs, t.ipiNs, t.dispatchDrainNs, t.idleDrainNs, t.dpcThreadNs ?? 0].reduce(
      (a, b) => a + b,
    ),
  );
}

/** What bins add up to, and what an outcome says of the same. */
function totalsOf(bins: readonly TimeBin[]): unknown {
  const waits = new Map<number, number>();
  for (const { waits: w } of bins) {
    w.buckets.forEach((b, i) => waits.set(b, (waits.get(b) ?? 0) + w.counts[i]));
  }
  return {
    arrivals: sum(bins, (bin) => bin.arrivals),
    ipis: sum(bins, (bin) => bin.ipis),
    queuedNs: sum(bins, (bin) => bin.queuedNs),
    waits: [...waits].sort(([a], [b]) => a - b),
    busyNs: bins[0].busyNs.map((_, group) => sum(bins, (bin) => bin.busyNs[group])),
  };
}

function countedIn(outcome: ShardOutcome): unknown {
  const waits = new Map<number, number>();
  const { buckets, counts } = outcome.machine.dpcWait;
  buckets.forEach((b, i) => waits.set(b >> 5, (waits.get(b >> 5) ?? 0) + counts[i]));
  const { arrivals, ipis } = outcome.machine.counters;
  return {
    arrivals,
    ipis,
    queuedNs: Number(
      outcome.processors.reduce((total, { queueDepth }) => total + queueDepth.areaNs, 0n),
    ),
    waits: [...waits],
    busyNs: busyOf(outcome),
  };
}

describe('figures over time', () => {
  it.each(Object.keys(MACHINES))('of %s add up to what the shard counted', (name) => {
    const scenario = scenarioOf(name, TIMERS);
    for (const ending of [BY_TIME, BY_INTERRUPTS]) {
      const found = ENGINES.map((engine) => {
        const shard = { ...ending, warmupNs: WARMUP_NS, binNs: 500_000 };
        const { line, outcome } = simulate(scenario, shard, engine);
        const { overTime, ...others } = line;
        const plain = simulate(scenario, { ...shard, binNs: undefined }, engine);
        expect(others).toEqual({ ...plain.line, overTime: undefined });
        expect(outcome).toEqual(plain.outcome);
        const { bins } = overTime!;
        const measured = bins.filter(({ endNs }) => endNs > WARMUP_NS);
        expect(totalsOf(measured)).toEqual(countedIn(outcome));
        expect(bins.at(-1)!.endNs).toBe(outcome.endNs);
        return overTime;
      });
      expect(found[1]).toEqual(found[0]);
      expect(found[2]).toEqual(found[0]);
    }
  });

  it('hold the warm-up as a machine that has none counts it', () => {
    const scenario = scenarioOf('threads and remote DPCs', TIMERS);
    const { line } = simulate(scenario, { warmupNs: WARMUP_NS, binNs: 500_000 });
    const { bins } = line.overTime!;
    const warmUp = bins.filter(({ endNs }) => endNs <= WARMUP_NS);
    // Bins count from the end of the warm-up, so the first is the short one.
    expect(warmUp.map(({ endNs }) => endNs)).toEqual(
      [3, 8, 13, 18, 23, 28, 33].map((tenths) => tenths * 100_000),
    );
    const alone = simulate(scenario, { untilTimeNs: WARMUP_NS });
    expect(totalsOf(warmUp)).toEqual(countedIn(alone.outcome));
    expect(sum(warmUp, ({ ipis }) => ipis)).toBeGreaterThan(0);
  });

  it('grow wider instead of more, and lose nothing by it', () => {
    const scenario = scenarioOf('threads and remote DPCs');
    const fine = simulate(scenario, { warmupNs: WARMUP_NS, binNs: 300 });
    const { bins, binNs } = fine.line.overTime!;
    expect(bins.length).toBeLessThanOrEqual(MOST_BINS);
    expect(bins.length).toBeGreaterThan(MOST_BINS / 4);
    expect(Math.log2(binNs / 300) % 1).toBe(0);
    expect(bins.map(({ endNs }) => endNs)).toContain(WARMUP_NS);
    expect(totalsOf(bins.filter(({ endNs }) => endNs > WARMUP_NS))).toEqual(
      countedIn(fine.outcome),
    );
    // As they would have been, had they been so wide from the start; but for what is known of the
    // longest, which a look in between can tell better.
    const wide = simulate(scenario, { warmupNs: WARMUP_NS, binNs });
    const blurred = ({ bins: all, ...rest }: OverTime): unknown => ({
      ...rest,
      bins: all.map((bin) => ({ ...bin, waits: { ...bin.waits, maxNs: 0 } })),
    });
    expect(blurred(fine.line.overTime!)).toEqual(blurred(wide.line.overTime!));
  });

  it('know the longest wait of each bin to 3 per cent, and that of all exactly', () => {
    const scenario = scenarioOf('overload');
    const { line, outcome } = simulate(scenario, { binNs: 1_000_000 });
    const { bins } = line.overTime!;
    const longest = bins.map(({ waits }) => waits.maxNs);
    expect(Math.max(...longest)).toBe(outcome.machine.dpcWait.maxNs);
    for (const [i, { endNs }] of bins.entries()) {
      // The shard up to there has it or a longer one.
      const upTo = simulate(scenario, { untilTimeNs: endNs }).outcome.machine.dpcWait.maxNs;
      const known = Math.max(...longest.slice(0, i + 1));
      expect(known).toBeGreaterThanOrEqual(upTo);
      expect(known).toBeLessThanOrEqual(upTo * 1.032);
    }
  });

  it('are put together for neighbours where processors are many', () => {
    const large = loadScenario('w512');
    const { line, outcome } = simulate(large, { untilTimeNs: 200_000, binNs: 100_000 });
    const { bins } = line.overTime!;
    const busy = busyOf(outcome);
    expect(busy).toHaveLength(512);
    expect(bins[0].busyNs).toHaveLength(128);
    expect(sum(bins, ({ busyNs }) => busyNs[127])).toBe(busy.slice(508).reduce((a, b) => a + b, 0));
  });

  it('outlive a journal, and are refused where they are of another machine', () => {
    const scenario = scenarioOf('overload');
    const series = new ShardSeries(scenario, 0, { kernel: shippedKernel() });
    const shard = { policyIndex: 0, seed: 1, shardIndex: 0, warmupNs: 0, ...BY_TIME };
    series.simulate({ ...shard, binNs: 1_000_000 });
    const { state } = series.finish();
    const { overTime } = state.lines[0];
    expect(decodeSum(encodeSum(state), scenario, 'here').lines[0].overTime).toEqual(overTime);
    const change = (bins: TimeBin[]): (() => unknown) => {
      const lines = [{ ...state.lines[0], overTime: { ...overTime!, bins } }];
      return () => decodeSum(encodeSum({ ...state, lines }), scenario, 'here');
    };
    const { depthMaximum } = state;
    const longer = encodeSum({ ...state, depthMaximum: [...depthMaximum, 0] });
    expect(() => decodeSum(longer, scenario, 'here')).toThrow(
      `depthMaximum are ${depthMaximum.length + 1} instead of ${depthMaximum.length}`,
    );
    const [first, ...others] = overTime!.bins;
    expect(change([{ ...first, busyNs: [1] }, ...others])).toThrow('of another machine');
    expect(change([...others, first])).toThrow('of another machine');
    expect(change([first])).toThrow('of another machine');
    expect(change([{ ...first, waits: { ...first.waits, counts: [] } }, ...others])).toThrow(
      'not as many as counts',
    );
  });
});

/** Everything that must not depend on the host. */
function bytesOf({ meta: { host: _, ...meta }, ...document }: ResultDocument): string {
  return JSON.stringify({ ...document, meta });
}

describe('a result with figures over time', () => {
  const scenario: Scenario = {
    ...loadScenario('default'),
    until: { timeNs: 4e8, interrupts: null },
  };
  const run = (execute: Execute, options: RunOptions = {}): Promise<ResultDocument> =>
    runBenchmark(scenario, { overTime: true, ...options }, execute);

  it('has the same bytes for any workers, either engine and out of a journal', async () => {
    const document = await run(executeInProcess);
    const bytes = bytesOf(document);
    const inStep: Execute = (one, shards, onSum, options) =>
      executeInProcess(one, shards, onSum, { ...options, lockstep: true });
    const map = new Map<string, Uint8Array>();
    const store = {
      path: 'a map',
      get: (key: string) => map.get(key),
      add: (key: string, sum: Uint8Array) => void map.set(key, sum),
    };
    expect(bytesOf(await run(executeInPool, { workers: 2 }))).toBe(bytes);
    expect(bytesOf(await run(inStep))).toBe(bytes);
    expect(bytesOf(await run(keepShards(executeInProcess, store)))).toBe(bytes);
    const never: Execute = () => Promise.reject(new Error('carried out again'));
    expect(bytesOf(await run(keepShards(never, store)))).toBe(bytes);
    // What was kept with them serves a run without, too.
    const without = await run(keepShards(never, store), { overTime: false });
    expect(bytesOf(without)).toBe(bytes);
  });

  it('is otherwise the result without them', async () => {
    const strip = ({ results, ...rest }: ResultDocument): string =>
      bytesOf({
        ...rest,
        results: results.map((each): PolicyResult => ({ ...each, overTime: null })),
      });
    const [timed, plain] = [
      await run(executeInProcess),
      await run(executeInProcess, { overTime: false }),
    ];
    expect(plain.results.map(({ overTime }) => overTime)).toEqual([null, null]);
    expect(strip(timed)).toBe(strip(plain));
  });

  it('has bins of one width under all policies, also where a run ends by interrupts', async () => {
    const flood = { ...scenarioOf('overload'), until: { timeNs: null, interrupts: 40_000 } };
    const { results } = await runBenchmark(flood, { overTime: true, shards: 2 }, executeInProcess);
    const all = results.map(({ overTime }) => overTime!);
    expect(new Set(all.map(({ binNs }) => binNs)).size).toBe(1);
    const shortest = Math.min(...all.map(({ endsNs }) => endsNs.length)) - 1;
    expect(shortest).toBeGreaterThan(20);
    for (const { endsNs } of all) {
      expect(endsNs.slice(0, shortest)).toEqual(all[0].endsNs.slice(0, shortest));
    }
  });

  it('lets the host speak between two looks, and end the shard there', () => {
    const scenario = scenarioOf('overload');
    const series = new ShardSeries(scenario, 1, { kernel: shippedKernel() });
    const shard = { policyIndex: 1, seed: 11, shardIndex: 0, warmupNs: 0, ...BY_TIME };
    const binNs = Math.floor(BY_TIME.untilTimeNs! / 50);
    let calls = 0;
    const onProgress = (): boolean => ++calls < 10;
    const line = series.simulate({ ...shard, binNs }, { onProgress, chunkInterrupts: 1_000_000 });
    expect(calls).toBe(10);
    expect(line.endNs).toBeLessThan(11 * binNs);
  });
});
