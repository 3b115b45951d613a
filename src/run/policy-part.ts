import type { ShardTotal } from '../kernel/result-block.js';
import { ShardSeries, type SeriesOptions } from '../kernel/shard-series.js';
import type { OnProgress } from '../kernel/simulate.js';
import type { ShardHalves } from '../result/observation.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ShardLine } from '../stats/shard-figures.js';
import type { PolicyPart, ShardTask } from './tasks.js';

/** Simulates shards of one policy and adds them up, without keeping any. */
export class PartBuilder {
  private readonly lines: ShardLine[] = [];
  private readonly halves: ShardHalves[] = [];
  private readonly series: ShardSeries;

  constructor(
    scenario: Scenario,
    private readonly policyIndex: number,
    options: SeriesOptions,
  ) {
    this.series = new ShardSeries(scenario, policyIndex, options);
  }

  /** Throws as simulateShard does. A shard that `onProgress` stops spoils the part. */
  simulate(task: ShardTask, onProgress?: OnProgress): ShardTotal {
    const shard = this.series.prepare(task, { onProgress });
    shard.run();
    const total = shard.add();
    const { counters, halves, latency, stop } = total;
    if (halves) this.halves.push(halves);
    this.lines.push({ shardIndex: task.shardIndex, counters, latency, stop });
    return total;
  }

  /** To be taken once: the sum is handed over, not copied. */
  part(): PolicyPart {
    const { halves, lines, policyIndex, series } = this;
    return { policyIndex, lines, halves, sum: series.finish().state };
  }
}
