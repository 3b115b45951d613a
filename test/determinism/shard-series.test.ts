import { describe, expect, it } from 'vitest';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { simulateShard, type ShardRequest } from '../../src/kernel/simulate.js';
import { loadScenario } from '../../src/run/load-scenario.js';

const SHARDS = 5;

function requests(scenarioName: string, warmupNs: number): ShardRequest[] {
  const scenario = loadScenario(scenarioName);
  return Array.from({ length: SHARDS }, (_, shardIndex) => ({
    scenario, policyIndex: 0, seed: 3, shardIndex, warmupNs,
    untilTimeNs: null, untilInterrupts: 2_000 + 500 * shardIndex,
  }));
}

describe('shards one after another in the same memory', () => {
  const names = ['default', 'rogue-driver', 'deep-idle', 'w1', 'w8', 'w64'];
  it.each(names)('of %s are each what it is alone', (name) => {
    for (const warmupNs of [0, 1_000_000]) {
      const shards = requests(name, warmupNs);
      const series = new ShardSeries(shards[0].scenario);
      for (const request of shards) {
        const alone = simulateShard(request);
        const shard = series.prepare(request);
        shard.run();
        const { endNs, machine, startNs, unserved } = alone;
        expect(shard.add()).toEqual({ endNs, machine, startNs, unserved });
      }
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
    const series = new ShardSeries(request.scenario);
    for (const each of requests('w8', 0)) {
      const shard = series.prepare({ ...each, policyIndex: 1 });
      shard.run();
      shard.add();
    }
    series.finish();
    expect(simulateShard(request)).toEqual(first);
  });
});
