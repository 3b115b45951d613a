import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import { type CompiledKernel, instantiate, type Kernel } from './compiled-kernel.js';
import { packConfig, packShard } from './pack.js';
import type { Shard } from './shard.js';
import { Slots } from './slots.js';

export interface KernelOptions {
  kernel: CompiledKernel;
  /** Left out: decisions are counted. */
  census?: boolean;
  lockstep?: boolean;
  /** LOG_NOTHING, LOG_EVENTS or LOG_DETAILS; left out: nothing. */
  eventLog?: number;
  /** Left by a kernel that simulated the same scenario and was wiped. */
  memory?: WebAssembly.Memory;
  watch?: WatchKernel;
}

/** Stands between the host and its kernel: for those who time calls. */
export type WatchKernel = (kernel: Kernel) => Kernel;

/** A kernel for the shards of one scenario under one policy, one after another. */
export class ShardKernel {
  readonly kernel: Kernel;
  /** Where the config block begins, in bytes. */
  private readonly address: number;

  /** Throws InputError for a scenario whose config block has no room. */
  constructor(scenario: Scenario, policyIndex: number, options: KernelOptions) {
    const { kernel: compiled, memory, watch = (kernel) => kernel, ...packOptions } = options;
    this.kernel = watch(instantiate(compiled, memory));
    const { rest, length, writeTables } = packConfig(scenario, { policyIndex, ...packOptions });
    this.address = this.kernel.reserveConfig(8 * length) >>> 0;
    if (this.address === 0) throw limitError(abi.INIT_MEMORY);
    this.words(rest.length).set(rest);
    writeTables(new Slots(this.words(2 * length)));
  }

  private words(length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.kernel.memory.buffer, this.address, length);
  }

  /**
   * Sets a machine up at time 0: the first one, or after `rest`. Throws InputError for a scenario
   * over a limit of the kernel, which is of no use then.
   */
  start(shard: Shard): void {
    packShard(new Slots(this.words(2 * abi.CONFIG_SLOTS)), shard);
    const status = this.kernel.startShard();
    if (status !== abi.INIT_OK) throw limitError(status);
  }
}

function limitError(status: number): Error {
  switch (status) {
    case abi.INIT_LINES:
      return inputError(
        `the sources have more than ${abi.MAX_LINES} interrupt lines, one for each pair of ` +
          'source and processor',
        'route some sources to fewer processors',
      );
    case abi.INIT_OBJECTS:
      return inputError(
        `the scenario has more than ${abi.MAX_DPC_OBJECTS} DPC objects`,
        'use `objects: one`, or fewer processors for a source',
      );
    case abi.INIT_FIFO_ITEMS:
      return inputError(
        `the FIFOs hold more than ${abi.MAX_FIFO_ITEMS} items together`,
        'give the sources a smaller `fifo`',
      );
    case abi.INIT_MEMORY:
      return inputError(
        'the machine needs more than the 4 GiB that a kernel can address, or than the system gives',
        'use fewer sources or processors, smaller FIFOs or shorter recordings',
      );
    default:
      return new Error(`the kernel refused its config block (status ${status})`);
  }
}
