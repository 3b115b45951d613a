import { describe, expect, it } from 'vitest';
import { simulateShard } from '../simulate.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { executeInPool } from '../../src/run/pool.js';
import { planShards } from '../../src/run/plan-shards.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { planTasks } from '../../src/run/tasks.js';
import { ratioInterval, spreadInterval } from '../../src/stats/interval.js';
import { summarize } from '../../src/result/histogram.js';
import type { ResultDocument } from '../../src/result/document.js';

const SHARDS = 40;
const scenario = { ...loadScenario('default'), until: { timeNs: null, interrupts: 80_000 } };
const options = { seed: 5, shards: SHARDS, workers: 2, warmup: 'none' as const };
const all = await runBenchmark(scenario, { ...options, intervals: 'all' }, executeInProcess);

/** Without the intervals of sources and processors, and without the host. */
function figures({ comparisons, results, meta }: ResultDocument): unknown {
  const without = <Scope extends object>(scope: Scope): Scope => ({
    ...scope,
    intervals: null,
    load: null,
  });
  return JSON.parse(
    JSON.stringify({
      comparisons,
      meta: { ...meta, host: null },
      results: results.map((result) => ({
        ...result,
        load: null,
        sources: result.sources.map(without),
        processors: result.processors.map(without),
      })),
    }),
  );
}

describe('intervals of single sources and processors', () => {
  it('are those of the figures of their shards', () => {
    const tasks = planTasks(scenario, planShards(scenario, SHARDS), options.seed);
    const shards = tasks
      .filter((task) => task.policyIndex === 0)
      .map((task) => simulateShard({ scenario, ...task }));
    const [{ processors, sources }] = all.results;
    sources.forEach((source, i) => {
      const scopes = shards.map((shard) => shard.sources[i]);
      const ipis = scopes.map(({ counters }) => counters.ipis * 1000);
      const arrivals = scopes.map(({ counters }) => counters.arrivals);
      const rate = source.intervals!.perThousand.ipis;
      expect(rate?.high, source.name).toBe(ratioInterval(ipis, arrivals)?.high);
      const medians = scopes.map((scope) => summarize(scope.interruptToDpc).p50Ns);
      const centre = source.latency.interruptToDpc.p50Ns;
      if (medians.includes(null) || centre === null) return;
      const expected = spreadInterval(centre, medians as number[])!;
      const { p50Ns } = source.intervals!.latency.interruptToDpc;
      expect(p50Ns?.high, source.name).toBe(expected.high);
    });
    const known = sources.filter(({ intervals }) => intervals?.latency.interruptToDpc.p50Ns);
    expect(known.length).toBeGreaterThan(0);
    expect(processors.every(({ intervals }) => intervals !== null)).toBe(true);
  });

  it('say how well times and depths are known', () => {
    const tasks = planTasks(scenario, planShards(scenario, SHARDS), options.seed);
    const shards = tasks
      .filter((task) => task.policyIndex === 0)
      .map((task) => simulateShard({ scenario, ...task }));
    const spansNs = shards.map(({ endNs, startNs }) => endNs - startNs);
    const [{ load, processors }] = all.results;
    processors.forEach(({ load: own, queueDepth }, p) => {
      const isrNs = shards.map((shard) => shard.processors[p].timeSplit.isrNs);
      expect(own!.timeShares.isrNs).toEqual(ratioInterval(isrNs, spansNs));
      const areas = shards.map((shard) => Number(shard.processors[p].queueDepth.areaNs));
      expect(own!.meanDepth!.high).toBe(ratioInterval(areas, spansNs)!.high);
      expect(own!.meanDepth!.high).toBeGreaterThan(queueDepth.mean);
    });
    const idleNs = shards.map((shard) =>
      shard.processors.reduce((sum, { timeSplit }) => sum + timeSplit.idleNs, 0),
    );
    const together = spansNs.map((ns) => ns * processors.length);
    expect(load!.timeShares.idleNs).toEqual(ratioInterval(idleNs, together));
  });

  it('change no other figure, and are there only when asked for', async () => {
    const plain = await runBenchmark(scenario, options, executeInProcess);
    expect(figures(plain)).toEqual(figures(all));
    const scopes = plain.results.flatMap(({ processors, sources }) => [...sources, ...processors]);
    expect(scopes.every(({ intervals }) => intervals === null)).toBe(true);
  });

  it('do not depend on workers', async () => {
    const pooled = await runBenchmark(scenario, { ...options, intervals: 'all' }, executeInPool);
    expect(pooled.results).toEqual(all.results);
  });
});
