import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import { ownEventsPerNs } from '../scenario/event-rate.js';
import { focusedSources } from '../scenario/focus.js';
import type { Scenario } from '../scenario/scenario.js';
import type { IntervalScope, ShardLine } from '../result/shard-line.js';
import type { Kernel } from './compiled-kernel.js';
import { FocusedLines } from './focused-lines.js';
import { PolicySum } from './policy-sum.js';
import { ResultBlock } from './result-block.js';
import { type Chunk, CHUNK_INTERRUPTS, runShard, stepShard } from './run-shard.js';
import { ShardKernel, type WatchKernel } from './shard-kernel.js';
import type { RunControl, Shard, ShardProgress, SimulateOptions } from './shard.js';
import { readSurvey, type Survey } from './survey.js';
import { TimeBins } from './time-bins.js';

/** A histogram counts to so many samples, those of all shards in the kernel together. */
const MOST_SAMPLES = 2 ** 32 - 1;
/** The shards of a series are alike: the next one has at most so many times what one had before. */
const ALIKE = 2;
/** Sums over time reach half as far again as those of the longest shard, at most. */
const ENOUGH_TIME_NS = Number(abi.MAX_TIME_NS) / 2;

/** A shard that is set up: `run` carries it to its end, then `add` adds it to the series; once. */
export interface PreparedShard {
  /** The first in its kernel: no buckets were filled before it. */
  isFresh: boolean;
  run(): void;
  /** `run` chunk by chunk. The first chunk is as large as it is told, the next as `next` is. */
  steps(first: Chunk): Generator<ShardProgress, void, Chunk>;
  /** What has been counted, between two steps. */
  survey(): Survey;
  add(): ShardLine;
}

export interface SeriesOptions extends Omit<SimulateOptions, keyof RunControl> {
  watch?: WatchKernel;
  /**
   * `all`: lines hold every source and processor too. For that all histograms are read after every
   * shard, which for a large machine takes longer than a shard.
   */
  intervals?: IntervalScope;
  /** Samples after which the kernel is emptied; left out: what its histograms count to. */
  mostSamples?: number;
}

/**
 * Shards of one scenario under one policy, one after another in the same kernel and added up there:
 * the kernel goes on counting from shard to shard and is read once, in the end. For a large machine
 * reading costs more than a shard.
 */
export class ShardSeries {
  private readonly sum: PolicySum;
  private open: ShardKernel | null = null;
  /** Reads the sources of the focus in the open kernel. */
  private focused = new FocusedLines([]);
  /** In the kernel, of shards that are over: samples in a bucket at most, and their time. */
  private samples = 0;
  private timeNs = 0;
  /** In any shard so far. */
  private largest = 0;
  private readonly mostSamples: number;
  /** A chunk is bounded by events of the machine's own as it is by interrupts. */
  private readonly chunkNs: number;

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
    private readonly options: SeriesOptions,
  ) {
    this.sum = PolicySum.create(scenario, policyIndex, options);
    this.mostSamples = options.mostSamples ?? MOST_SAMPLES;
    this.chunkNs = CHUNK_INTERRUPTS / ownEventsPerNs(scenario);
  }

  /**
   * Throws InputError for a scenario over a limit of the kernel; `add` throws it for a shard with
   * more than 4 × 10^9 samples.
   */
  prepare(shard: Shard, given: RunControl = {}): PreparedShard {
    const control = { ...given, chunkNs: given.chunkNs ?? this.chunkNs };
    const { binNs } = shard;
    const { largest, mostSamples, samples, timeNs } = this;
    const isFull = samples + ALIKE * largest > mostSamples || timeNs > ENOUGH_TIME_NS;
    // What is cut into bins must begin with nothing counted.
    if (isFull || binNs !== undefined) this.collect();
    const bins = binNs === undefined ? null : this.binWarmUp(shard, binNs, control);
    this.open?.kernel.clearShard();
    const isFresh = this.open === null;
    const open = this.open ?? this.newKernel();
    this.open = null; // unless it starts
    open.start(shard);
    this.open = open;
    const { kernel } = open;
    let halves: ShardLine['halves'] = null;
    const looks = bins?.of(kernel);
    return {
      isFresh,
      *steps(first) {
        halves = yield* stepShard(kernel, shard, first);
      },
      survey: () => readSurvey(kernel, this.scenario),
      run: () => {
        halves = runShard(kernel, shard, control, looks);
        looks?.look();
      },
      add: () => {
        const block = new ResultBlock(kernel.memory.buffer, kernel.endShard() >>> 0);
        const overTime = bins?.finish() ?? null;
        const focused = this.focused.read(kernel, block, this.scenario);
        const counted = block.line(this.scenario, shard.shardIndex);
        const line = { ...counted, halves, focused, overTime };
        this.add(line);
        return line;
      },
    };
  }

  /** All steps at once. A shard that `control` stops spoils the series. */
  simulate(shard: Shard, control?: RunControl): ShardLine {
    const prepared = this.prepare(shard, control);
    prepared.run();
    return prepared.add();
  }

  /**
   * The bins of a shard's warm-up. Of that no latencies are counted, so it is simulated before, as
   * a machine that has none and ends there: until then the two are the same.
   */
  private binWarmUp(shard: Shard, binNs: number, control: RunControl): TimeBins {
    const { warmupNs } = shard;
    const bins = new TimeBins(this.scenario, warmupNs, binNs);
    if (warmupNs === 0) return bins;
    const open = this.newKernel();
    const { kernel } = open;
    const until = { untilTimeNs: warmupNs, untilInterrupts: null, halfNs: undefined };
    const alone = { ...shard, ...until, warmupNs: 0 };
    open.start(alone);
    const looks = bins.of(kernel);
    runShard(kernel, alone, control, looks);
    looks.look();
    bins.restart();
    kernel.endShard();
    kernel.collectSeries();
    this.leave(kernel);
    return bins;
  }

  /** The memory of a kernel that was read, for the next one. */
  private leave(kernel: Kernel): void {
    kernel.wipeMemory();
    this.options.spare?.keep(kernel.memory);
  }

  private newKernel(): ShardKernel {
    const { allocate: _, intervals: __, spare, ...options } = this.options;
    const memory = spare?.take();
    const hasAll = this.options.intervals === 'all';
    this.focused = new FocusedLines(hasAll ? [] : focusedSources(this.scenario));
    return new ShardKernel(this.scenario, this.policyIndex, { ...options, memory });
  }

  private add(line: ShardLine): void {
    this.sum.addLine(line);
    const samples = this.samplesAtMost(line);
    this.samples += samples;
    this.timeNs += line.endNs;
    this.largest = Math.max(this.largest, samples);
    if (this.samples > this.mostSamples) {
      throw inputError(
        `${samples} samples in a shard: histograms count to ${this.mostSamples}`,
        'use more shards, or a shorter run',
      );
    }
    if (this.options.intervals === 'all') this.addScopes(line);
  }

  /** Reads the shard alone, for the lines of its sources and processors. */
  private addScopes(line: ShardLine): void {
    const { options, policyIndex, scenario, sum } = this;
    const alone = PolicySum.create(scenario, policyIndex, options);
    this.collect(alone);
    const sources = scenario.sources.map((_, i) => alone.source(i));
    line.sources = sources;
    line.processors = Array.from({ length: scenario.machine.processors }, (_, i) =>
      alone.processor(i),
    );
    line.focused = Object.fromEntries(
      focusedSources(scenario).map(({ name, index }) => [name, sources[index]]),
    );
    sum.add(alone);
  }

  /** Bounds what any histogram of the shard holds, without asking what may have run over. */
  private samplesAtMost({ endNs, counters: { arrivals, dpcs, isrs } }: ShardLine): number {
    const expiries = this.scenario.sources.reduce(
      (sum, source) => sum + (source.kind === 'timer' ? endNs / source.periodNs + 1 : 0),
      0,
    );
    return Math.max(isrs, Math.ceil(arrivals + expiries), dpcs);
  }

  /** Empties the kernel of the shards that are over. */
  private collect(sum = this.sum): void {
    if (this.open === null) return;
    const { kernel } = this.open;
    const address = kernel.collectSeries() >>> 0;
    const block = new ResultBlock(kernel.memory.buffer, address);
    const bytes = new Uint8Array(kernel.memory.buffer, kernel.packedAddress() >>> 0);
    sum.addBlock(block, (packer, slot) => {
      const packed = bytes.subarray(0, kernel.pack(address + 8 * slot));
      const samples = block.integer(slot + abi.SUMMARY_SAMPLES);
      packer.addPacked(block.totals(slot), samples, packed);
    });
    this.leave(kernel);
    this.open = null;
    this.samples = 0;
    this.timeNs = 0;
  }

  /** The sum, of which the series lets go. */
  finish(): PolicySum {
    this.collect();
    return this.sum;
  }
}
