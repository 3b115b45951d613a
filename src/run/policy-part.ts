import {
  MachineSum, type MachineSumState, type ShardTotal,
} from '../kernel/machine-sum.js';
import { emptySum, prepareShard, type OnProgress } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import { shardLine, type ShardLine } from '../stats/shard-figures.js';
import type { ShardTask } from './tasks.js';

/** Shards of one policy, added up where they were simulated. */
export interface PolicyPart {
  policyIndex: number;
  /** One for each shard, in any order. */
  lines: ShardLine[];
  sum: MachineSumState;
}

/** Simulates shards of one policy and adds them up, without keeping any. */
export class PartBuilder {
  private readonly lines: ShardLine[] = [];
  private readonly sum: MachineSum;

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
  ) {
    this.sum = emptySum(scenario);
  }

  /** Throws as simulateShard does. A shard that `onProgress` stops spoils the part. */
  simulate(task: ShardTask, onProgress: OnProgress): ShardTotal {
    const shard = prepareShard({ scenario: this.scenario, ...task }, { onProgress });
    shard.run();
    const total = shard.addTo(this.sum);
    this.lines.push(shardLine(task.shardIndex, total.machine));
    return total;
  }

  /** To be taken once: the sum is handed over, not copied. */
  part(): PolicyPart {
    const { lines, policyIndex, sum } = this;
    return { policyIndex, lines, sum: sum.state };
  }
}
