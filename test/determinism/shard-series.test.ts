import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { simulateShard } from '../simulate.js';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import type { Focus } from '../../src/scenario/focus.js';
import type { Source } from '../../src/scenario/scenario.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { lineOf } from '../sum-of.js';

const kernel = shippedKernel();

const SHARDS = 5;

function requests(scenarioName: string, warmupNs: number): ShardRequest[] {
  const scenario = loadScenario(scenarioName);
  return Array.from({ length: SHARDS }, (_, shardIndex) => ({
    scenario,
    policyIndex: 0,
    seed: 3,
    shardIndex,
    warmupNs,
    untilTimeNs: null,
    untilInterrupts: 2_000 + 500 * shardIndex,
  }));
}

describe('shards one after another in the same memory', () => {
  const names = ['default', 'rogue-driver', 'deep-idle', 'w1', 'w8', 'w64'];
  it.each(names)('of %s are each what it is alone', (name) => {
    for (const warmupNs of [0, 1_000_000]) {
      const shards = requests(name, warmupNs);
      const series = new ShardSeries(shards[0].scenario, 0, { kernel });
      for (const request of shards) {
        const alone = simulateShard(request);
        expect(series.simulate(request)).toEqual(
          lineOf(request.scenario, request.shardIndex, alone),
        );
      }
    }
  });

  it('hold the lines of sources and processors where those are asked for', () => {
    const shards = requests('default', 1_000_000);
    const { scenario } = shards[0];
    const plain = new ShardSeries(scenario, 0, { kernel });
    const series = new ShardSeries(scenario, 0, { kernel, intervals: 'all' });
    for (const request of shards) {
      plain.simulate(request);
      expect(series.simulate(request)).toEqual(
        lineOf(request.scenario, request.shardIndex, simulateShard(request), 'all'),
      );
    }
    const [one, other] = [plain, series].map((each) => each.finish());
    for (let i = 0; i < scenario.machine.processors; i++) {
      expect(other.processor(i)).toEqual(one.processor(i));
    }
    expect(other.machine()).toEqual(one.machine());
  });

  it('tell the sources that the focus names without being read one by one', () => {
    for (const warmupNs of [0, 1_000_000]) {
      const shards = requests('w64', warmupNs);
      const { sources } = shards[0].scenario;
      const focus: Focus = {
        ...(loadScenario('rogue-driver').focus as Focus),
        sources: [sources[7].name, sources[0].name],
        against: [sources[63].name],
      };
      const scenario = { ...shards[0].scenario, focus };
      const series = new ShardSeries(scenario, 0, { kernel });
      for (const request of shards) {
        const shard = series.prepare(request);
        expect(shard.isFresh).toBe(request.shardIndex === 0);
        shard.run();
        const line = shard.add();
        expect(line).toEqual(lineOf(scenario, request.shardIndex, simulateShard(request)));
        expect(Object.keys(line.focused)).toEqual([0, 7, 63].map((index) => sources[index].name));
      }
    }
  });

  it('are handed on before a histogram could run over, with the same sum', () => {
    const shards = requests('default', 1_000_000);
    const { scenario } = shards[0];
    const fresh = (mostSamples?: number): [boolean[], unknown] => {
      const series = new ShardSeries(scenario, 0, { kernel, mostSamples });
      const isFresh = shards.map((request) => {
        const prepared = series.prepare(request);
        prepared.run();
        prepared.add();
        return prepared.isFresh;
      });
      const sum = series.finish();
      return [isFresh, [sum.machine(), sum.source(0), sum.processor(1)]];
    };
    const [together, whole] = fresh();
    expect(together).toEqual([true, false, false, false, false]);
    // Each has some more samples than interrupts, 2,000 in the first and 4,000 in the last.
    const [few, parts] = fresh(15_000);
    expect(few.filter(Boolean).length).toBeGreaterThan(1);
    expect(few.filter(Boolean).length).toBeLessThan(SHARDS);
    expect(parts).toEqual(whole);
    expect(() => fresh(3_000)).toThrow(/samples in a shard: histograms count to 3000/);
  });

  it('are refused one like the other where the kernel has a limit', () => {
    const [request] = requests('w64', 0);
    const { sources } = request.scenario;
    const large = sources.map((source) => ({ ...source, fifo: 1_048_576 }) as Source);
    const series = new ShardSeries({ ...request.scenario, sources: large }, 0, { kernel });
    for (const shardIndex of [0, 1]) {
      expect(() => series.prepare({ ...request, shardIndex })).toThrow(/FIFOs hold more than/);
    }
  });

  it('leave nothing behind for a scenario that was changed since', () => {
    const [request] = requests('w8', 0);
    simulateShard(request);
    const { scenario } = request;
    scenario.machine = { ...scenario.machine, processors: 9, background: [] };
    const changed = simulateShard(request);
    expect(changed).toEqual(simulateShard({ ...request, scenario: structuredClone(scenario) }));
  });

  it('leave nothing behind for the next series', () => {
    const [request] = requests('w8', 0);
    const first = simulateShard(request);
    const series = new ShardSeries(request.scenario, 1, { kernel });
    for (const each of requests('w8', 0)) {
      series.simulate(each);
    }
    series.finish();
    expect(simulateShard(request)).toEqual(first);
  });
});
