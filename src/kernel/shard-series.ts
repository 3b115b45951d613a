import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Kernel } from './load.js';
import { MachineSum, type ShardTotal } from './machine-sum.js';
import { runShard, startKernel } from './run-shard.js';
import type { OnProgress, ShardRequest, SimulateOptions } from './simulate.js';

/** A bucket counts to 2^32 − 1. */
const MOST_SAMPLES = 2 ** 32 - 1;

/** A shard that is set up: `run` carries it to its end, then `add` adds it to the series; once. */
export interface PreparedShard {
  run(): void;
  add(): ShardTotal;
}

/**
 * Shards of one scenario under one policy, one after another in the same memory and added up. The
 * kernel's histograms go on counting from shard to shard and are read once, in the end: for a large
 * machine, reading them costs more than a shard.
 */
export class ShardSeries {
  private readonly sum: MachineSum;
  /** The last shard's, whose histograms are not in the sum yet. */
  private last: Kernel | null = null;
  /** Samples in its buckets, at most. */
  private samples = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: Omit<SimulateOptions, 'onProgress'> = {},
  ) {
    this.sum = MachineSum.create(scenario);
  }

  /**
   * Throws InputError for a scenario over a limit of the kernel; `add` throws it for a shard with
   * more than 2^32 − 1 samples.
   */
  prepare(
    request: Omit<ShardRequest, 'scenario'>,
    onProgress?: OnProgress,
  ): PreparedShard {
    if (this.samples > MOST_SAMPLES / 16) this.collect();
    this.last?.rest();
    const { build, lockstep, spare } = this.options;
    const memory = this.last?.memory ?? spare?.take();
    this.last = null;
    const shard = { ...request, scenario: this.scenario };
    const kernel = startKernel(shard, { build, lockstep, memory });
    return {
      run: () => runShard(kernel, shard, onProgress),
      add: () => this.add(kernel),
    };
  }

  private add(kernel: Kernel): ShardTotal {
    const total = this.sum.addShard(kernel.memory.buffer, kernel.finish() >>> 0);
    const samples = this.mostSamples(total);
    this.last = kernel;
    this.samples += samples;
    if (this.samples > MOST_SAMPLES) {
      throw inputError(
        `${samples} samples in a shard: its histograms count to ${MOST_SAMPLES}`,
        'use more shards, or a shorter run',
      );
    }
    return total;
  }

  /** Bounds what any histogram of the shard holds, without asking what may have run over. */
  private mostSamples({ endNs, machine }: ShardTotal): number {
    const { arrivals, dpcs, isrs } = machine.counters;
    const expiries = this.scenario.sources.reduce((sum, source) =>
      sum + (source.kind === 'timer' ? endNs / source.periodNs + 1 : 0), 0);
    return Math.max(isrs, Math.ceil(arrivals + expiries), dpcs);
  }

  private collect(): void {
    if (this.last === null) return;
    const { memory } = this.last;
    const address = this.last.collect() >>> 0;
    this.sum.addLatencies(memory.buffer, address);
    this.last.wipe();
    this.options.spare?.keep(memory);
    this.last = null;
    this.samples = 0;
  }

  /** The sum, of which the series lets go. */
  finish(): MachineSum {
    this.collect();
    return this.sum;
  }
}
