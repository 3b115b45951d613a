import * as abi from '../../assembly/shared/abi.js';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import { instantiateKernel, type Kernel, type KernelBuild } from './load.js';
import { ConfigBlock } from './pack.js';
import type { ShardSpan } from './simulate.js';

export interface KernelOptions {
  build?: KernelBuild;
  lockstep?: boolean;
  eventLog?: boolean;
  /** Of a kernel that simulated the same scenario and was wiped. */
  memory?: WebAssembly.Memory;
  watch?: WatchKernel;
}

/** Stands between the host and its kernel: for those who time calls. */
export type WatchKernel = (kernel: Kernel) => Kernel;

/** A kernel for the shards of one scenario under one policy, one after another. */
export class ShardKernel {
  readonly kernel: Kernel;
  private readonly config: ConfigBlock;
  private readonly address: number;

  /** Throws InputError for a scenario whose config block has no room. */
  constructor(scenario: Scenario, policyIndex: number, options: KernelOptions) {
    const { build = 'release', memory, watch = (kernel) => kernel, ...pack } = options;
    this.kernel = watch(instantiateKernel(build, memory));
    this.config = new ConfigBlock(scenario, { policyIndex, ...pack });
    this.address = this.kernel.reserve(this.config.byteLength) >>> 0;
    if (this.address === 0) throw limitError(abi.INIT_MEMORY);
  }

  /** Sets a machine up at time 0. Throws InputError for a scenario over a limit of the kernel. */
  start(shard: ShardSpan): void {
    const { address, config, kernel } = this;
    const words = config.ofShard(shard);
    new Uint32Array(kernel.memory.buffer, address, words.length).set(words);
    const status = kernel.initialise();
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
        'the machine does not fit into the 4 GiB that a kernel can address',
        'use fewer sources or processors, smaller FIFOs or shorter recordings',
      );
    default:
      return new Error(`the kernel refused its config block (status ${status})`);
  }
}
