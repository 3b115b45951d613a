import { type KernelBuild, shippedKernel } from '../src/disk/shipped-kernel.js';
import * as simulator from '../src/kernel/simulate.js';
import type { ShardRequest, SimulateOptions, TraceEvent } from '../src/kernel/shard.js';
import type { ShardOutcome } from '../src/result/outcome.js';

export type { KernelBuild };
export type KernelChoice = Omit<SimulateOptions, 'kernel'> & { build?: KernelBuild };

/** Simulates a shard by one of the kernels that ship; by the release build unless told. */
export function simulateShard(
  request: ShardRequest,
  { build, ...options }: KernelChoice = {},
): ShardOutcome {
  return simulator.simulateShard(request, { ...options, kernel: shippedKernel(build) });
}

/** Simulates a shard by the debug build, with the event log on. */
export function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
  options: Omit<simulator.TraceOptions, 'kernel'> = {},
): ShardOutcome {
  return simulator.traceShard(request, onEvents, { ...options, kernel: shippedKernel('debug') });
}
